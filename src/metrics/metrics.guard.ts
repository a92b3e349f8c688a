import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { gatewayError } from '../kernel/error-codes.js';
import { bearerOf, sameSecret } from '../platform/access.js';
import { AdminAccess } from '../platform/admin-access.js';
import { platformSettings } from '../platform/platform.settings.js';
import { type SettingsOf } from '../platform/settings.js';

/**
 * Lets in who has the metrics token, or everybody where there is none, as scrapers expect. Administrators who are known
 * by their token or session are let in as well: they may do more than that, and their page shows the figures.
 */
@Injectable()
export class MetricsGuard implements CanActivate {
  constructor(
    @Inject(platformSettings.KEY) private readonly settings: SettingsOf<typeof platformSettings>,
    @Inject(AdminAccess) private readonly administrators: AdminAccess,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const { metricsToken } = this.settings;
    if (metricsToken === '') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const token = bearerOf(request);
    if (token !== undefined && sameSecret(metricsToken, token)) return true;
    const { access } = this.administrators.callerOf(request);
    if (access === 'token' || access === 'session') return true;
    throw gatewayError('UNAUTHENTICATED', 'Send the metrics token as "Authorization: Bearer <token>".');
  }
}
