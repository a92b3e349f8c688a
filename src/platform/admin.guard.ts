import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { gatewayError } from '../kernel/error-codes.js';
import { bearerOf, isDirectLoopback, sameSecret } from './access.js';
import { platformSettings } from './platform.settings.js';
import { type SettingsOf } from './settings.js';

/** Lets administrators in: with the admin token, or, where there is none, from this machine only. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(@Inject(platformSettings.KEY) private readonly settings: SettingsOf<typeof platformSettings>) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const { adminToken } = this.settings;
    if (adminToken === '') {
      if (isDirectLoopback(request)) return true;
      throw gatewayError(
        'FORBIDDEN',
        'Without ADMIN_TOKEN only direct calls from this machine are let in. Set ADMIN_TOKEN and send "Authorization: Bearer <token>".',
      );
    }
    const token = bearerOf(request);
    if (token !== undefined && sameSecret(adminToken, token)) return true;
    throw gatewayError('UNAUTHENTICATED', 'Send the admin token as "Authorization: Bearer <token>".');
  }
}
