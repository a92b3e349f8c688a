import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { type KeptState, keptStates } from '../platform/kept-state.js';
import { platformSettings } from '../platform/platform.settings.js';
import { type SettingsOf } from '../platform/settings.js';
import { Alerts, type KeptAlerts } from './alerts.service.js';

const alert = z.object({
  name: z.string(),
  severity: z.enum(['critical', 'warning', 'info']),
  state: z.enum(['pending', 'firing', 'resolved']),
  summary: z.string(),
  description: z.string(),
  since: z.number(),
  resolvedAt: z.number().optional(),
});
const notice = z.object({
  id: z.string(),
  kind: z.enum(['firing', 'resolved', 'test']),
  alerts: z.array(alert),
  at: z.number(),
});
const kept = z.object({
  alerts: z.array(
    z.object({
      name: z.string(),
      summary: z.string(),
      since: z.number(),
      told: z.boolean(),
      toldAt: z.number().optional(),
    }),
  ),
  silences: z.array(
    z.object({ id: z.string(), alert: z.string().nullable(), until: z.number(), reason: z.string(), who: z.string() }),
  ),
  outbox: z.record(z.string(), z.array(notice)),
});

/** The alerts that fire, the notices on their way and the silences, of this node: others on the same database have theirs. */
@keptStates.contribute()
@Injectable()
export class AlertsState implements KeptState {
  readonly name: string;

  constructor(
    @Inject(Alerts) private readonly alerts: Alerts,
    @Inject(platformSettings.KEY) { nodeName }: SettingsOf<typeof platformSettings>,
  ) {
    this.name = `alerts@${nodeName}`;
  }

  save(): KeptAlerts {
    return this.alerts.save();
  }

  restore(stored: unknown): void {
    const read = kept.safeParse(stored);
    if (read.success) this.alerts.restore(read.data);
  }
}
