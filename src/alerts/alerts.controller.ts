import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { z } from 'zod';
import { type Clock } from '../kernel/clock.js';
import { parseDuration } from '../kernel/duration.js';
import { gatewayError } from '../kernel/error-codes.js';
import { AdminAccess } from '../platform/admin-access.js';
import { AdminGuard } from '../platform/admin.guard.js';
import { randomHex } from '../platform/identifiers.js';
import { platformSettings } from '../platform/platform.settings.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { SchemaPipe } from '../platform/schema.pipe.js';
import { type SettingsOf } from '../platform/settings.js';
import { Alerts } from './alerts.service.js';
import { Delivery } from './delivery.service.js';
import { ALERT_RULES } from './domain/alert-rules.js';
import { alertTold } from './domain/notice-text.js';
import { type Silence } from './domain/silences.js';

/** Longest silence, ms: what is to be silent for longer is to be mended. */
const LONGEST_MS = 30 * 86_400_000;
const NAMES = ALERT_RULES.map(({ name }) => name);

const silenced = z.object({
  alert: z
    .string()
    .refine((name) => NAMES.includes(name), `must be one of ${NAMES.join(', ')}`)
    .optional(),
  duration: z
    .string('must be a duration such as "1h"')
    .transform((text) => parseDuration(text, 's') ?? Number.NaN)
    .refine((ms) => ms >= 1000 && ms <= LONGEST_MS, 'must be a duration of 1s to 30d, such as "1h"'),
  reason: z.string().min(1).max(200),
});

const iso = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());

/** `/self/alerts`: what stands, who is told, and when nobody is to be. */
@Controller('self/alerts')
@UseGuards(AdminGuard)
export class AlertsController {
  constructor(
    private readonly alerts: Alerts,
    private readonly delivery: Delivery,
    private readonly administrators: AdminAccess,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(platformSettings.KEY) private readonly platform: SettingsOf<typeof platformSettings>,
  ) {}

  @Get()
  list(): unknown {
    return {
      alerts: this.alerts.all().map((alert) => ({
        ...alertTold(alert, this.platform.nodeName),
        silenced_until: iso(this.alerts.silencedUntil(alert.name)),
      })),
      silences: this.silences().silences,
      channels: this.delivery.states().map(({ name, enabled, lastSuccess, lastError, waiting }) => {
        return { name, enabled, last_success: iso(lastSuccess), last_error: lastError ?? null, waiting };
      }),
      rules: ALERT_RULES.map(({ name, severity, forMs, description }) => {
        return { name, severity, for_seconds: forMs / 1000, summary: description };
      }),
    };
  }

  /** Sends a test through every channel, and says what came of each. */
  @Post('test')
  @HttpCode(200)
  async test(@Res({ passthrough: true }) response: Response): Promise<unknown> {
    const outcomes = await this.alerts.test();
    // The log takes everything: where others have an address, they say whether anybody is reached.
    const others = outcomes.filter(({ name }) => name !== 'log');
    const failed = others.filter(({ error }) => error !== undefined).length;
    const status = failed === 0 ? 'OK' : failed === others.length ? 'FAILED' : 'PARTIAL';
    if (status === 'FAILED') response.status(500);
    const channels = outcomes.map(({ name, error }) => {
      return { name, result: error === undefined ? 'ok' : 'failed', error: error ?? null };
    });
    return { status, channels };
  }

  @Get('silences')
  silences(): { silences: unknown[] } {
    return { silences: this.alerts.silences.all(this.clock.wall()).map(shown) };
  }

  @Post('silences')
  @HttpCode(201)
  silence(
    @Body(new SchemaPipe(silenced)) { alert, duration, reason }: z.infer<typeof silenced>,
    @Req() request: Request,
  ): unknown {
    const wall = this.clock.wall();
    const { who } = this.administrators.callerOf(request);
    const silence = { id: randomHex(8), alert: alert ?? null, until: wall + duration, reason, who };
    if (!this.alerts.silences.add(silence, wall))
      throw gatewayError('CONFLICT', 'There are 50 silences already. End one first.');
    return shown(silence);
  }

  @Delete('silences/:id')
  @HttpCode(204)
  release(@Param('id') id: string): void {
    if (!this.alerts.silences.remove(id))
      throw gatewayError('NOT_FOUND', 'There is no silence of this id. GET /self/alerts/silences lists them.');
  }
}

function shown({ id, alert, until, reason, who }: Silence): Record<string, unknown> {
  return { id, alert, until: iso(until), reason, who };
}
