import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { gatewayError } from '../kernel/error-codes.js';
import { bearerOf, sameSecret } from '../platform/access.js';
import { platformSettings } from '../platform/platform.settings.js';
import { type SettingsOf } from '../platform/settings.js';

/** Lets in who has the metrics token, or everybody where there is none, as scrapers expect. */
@Injectable()
export class MetricsGuard implements CanActivate {
  constructor(@Inject(platformSettings.KEY) private readonly settings: SettingsOf<typeof platformSettings>) {}

  canActivate(context: ExecutionContext): boolean {
    const { metricsToken } = this.settings;
    if (metricsToken === '') return true;
    const token = bearerOf(context.switchToHttp().getRequest<Request>());
    if (token !== undefined && sameSecret(metricsToken, token)) return true;
    throw gatewayError('UNAUTHENTICATED', 'Send the metrics token as "Authorization: Bearer <token>".');
  }
}
