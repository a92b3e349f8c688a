import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { gatewayError } from '../kernel/error-codes.js';
import { bearerOf, isDirectLoopback, sameSecret } from './access.js';
import { actionOf, isAction } from './admin-action.js';
import { AdminEvents } from './admin-events.js';
import { platformSettings } from './platform.settings.js';
import { type SettingsOf } from './settings.js';

/**
 * Lets administrators in: with the admin token, or, where there is none, from this machine only. Whoever changes
 * something is told of when the answer has ended, and so is who was kept from it.
 */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(
    @Inject(platformSettings.KEY) private readonly settings: SettingsOf<typeof platformSettings>,
    @Inject(AdminEvents) private readonly events: AdminEvents,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const refusal = this.#refusal(request);
    if (isAction(request)) {
      const response = context.switchToHttp().getResponse<Response>();
      response.on('close', () => {
        this.events.actions.publish(actionOf(request, response, refusal === undefined));
      });
    }
    if (refusal !== undefined) throw refusal;
    return true;
  }

  #refusal(request: Request): Error | undefined {
    const { adminToken } = this.settings;
    if (adminToken === '') {
      if (isDirectLoopback(request)) return undefined;
      return gatewayError(
        'FORBIDDEN',
        'Without ADMIN_TOKEN only direct calls from this machine are let in. Set ADMIN_TOKEN and send "Authorization: Bearer <token>".',
      );
    }
    const token = bearerOf(request);
    if (token !== undefined && sameSecret(adminToken, token)) return undefined;
    return gatewayError('UNAUTHENTICATED', 'Send the admin token as "Authorization: Bearer <token>".');
  }
}
