import { Body, Controller, Delete, Get, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { z } from 'zod';
import { gatewayError } from '../kernel/error-codes.js';
import { AdminAccess, type Caller } from './admin-access.js';
import { actionOf } from './admin-action.js';
import { AdminEvents } from './admin-events.js';
import { sessionCookie } from './admin-session.js';
import { SchemaPipe } from './schema.pipe.js';

const credentials = z.object({ token: z.string().min(1).max(1000) });

/** What a page learns of the access it has. */
interface AccessTold {
  readonly access: Caller['access'];
  /** When the session ends, ISO time. */
  readonly expires_at?: string;
  /** Whether there is a token to sign in with. */
  readonly sign_in: boolean;
}

/** `/self/session`: signing in to the page. The token goes in once; what a browser keeps is a session that ends. */
@Controller('self/session')
export class AdminSessionController {
  constructor(
    private readonly access: AdminAccess,
    private readonly events: AdminEvents,
  ) {}

  /** Open to all: the page is to know what it may ask without being refused. */
  @Get()
  @Header('cache-control', 'no-store')
  tell(@Req() request: Request): AccessTold {
    const { access, expiresAt, refusal } = this.access.callerOf(request);
    // Else this would be the place to guess tokens.
    if (refusal?.code === 'RATE_LIMITED') throw refusal;
    const end = expiresAt === undefined ? {} : { expires_at: new Date(expiresAt).toISOString() };
    return { access, ...end, sign_in: this.access.signIn };
  }

  @Post()
  @HttpCode(204)
  signIn(
    @Body(new SchemaPipe(credentials)) { token }: z.infer<typeof credentials>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): void {
    // A form invites passwords of other places: nothing of a wrong one is told, not even its hash.
    let caller = { admitted: false, who: 'nobody' };
    response.on('close', () => {
      this.events.actions.publish(actionOf(request, response, caller));
    });
    this.#refuseOthers(request);
    const { who, value, seconds } = this.access.begin(token, request);
    caller = { admitted: true, who };
    this.#give(request, response, value, seconds);
  }

  /** Nobody is asked who they are: whoever has no session has none to end either. */
  @Delete()
  @HttpCode(204)
  signOut(@Req() request: Request, @Res({ passthrough: true }) response: Response): void {
    this.#refuseOthers(request);
    const { access, who } = this.access.callerOf(request);
    if (access === 'session') {
      response.on('close', () => {
        this.events.actions.publish(actionOf(request, response, { admitted: true, who }));
      });
    }
    this.#give(request, response, '', 0);
  }

  #give(request: Request, response: Response, value: string, seconds: number): void {
    const https = this.access.originOf(request).startsWith('https:');
    response.setHeader('set-cookie', sessionCookie(value, seconds, https));
    response.setHeader('cache-control', 'no-store');
  }

  #refuseOthers(request: Request): void {
    if (this.access.senderOf(request) === 'other page')
      throw gatewayError('FORBIDDEN', 'Pages of others may not sign anybody in or out.');
  }
}
