import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Clock } from '../kernel/clock.js';
import { AdminAccess } from './admin-access.js';
import { actionOf, isAction } from './admin-action.js';
import { AdminEvents } from './admin-events.js';
import { CLOCK } from './platform.tokens.js';

/**
 * Lets administrators in. Whoever changes something is told of when the answer has ended, and so is who was kept from it.
 */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(
    @Inject(AdminAccess) private readonly access: AdminAccess,
    @Inject(AdminEvents) private readonly events: AdminEvents,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    const { refusal, who, expiresAt } = this.access.callerOf(request);
    if (isAction(request)) {
      response.on('close', () => {
        this.events.actions.publish(actionOf(request, response, { admitted: refusal === undefined, who }));
      });
    }
    if (refusal !== undefined) throw refusal;
    if (expiresAt !== undefined) endAfter(response, expiresAt - this.clock.wall());
    return true;
  }
}

/** An answer that goes on, such as the events, ends with the session it was given to; `ms` is less than a timer can take. */
function endAfter(response: Response, ms: number): void {
  const timer = setTimeout(() => response.destroy(), ms).unref();
  response.on('close', () => {
    clearTimeout(timer);
  });
}
