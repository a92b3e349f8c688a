import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../../kernel/clock.js';
import { platformSettings } from '../../platform/platform.settings.js';
import { CLOCK } from '../../platform/platform.tokens.js';
import { type SettingsOf } from '../../platform/settings.js';
import { type AlertChannel, alertChannels } from '../alert-channel.js';
import { type AlertsSettings, alertsSettings } from '../alerts.settings.js';
import { type Alert, type AlertNotice } from '../domain/alert.js';
import { alertmanagerAlert } from '../domain/notice-text.js';
import { post } from '../post.js';
import { tellerOf } from '../teller.js';

/** Alertmanager takes an alert for resolved that it has not heard of for so long, ms: four tellings. */
const LIFETIME_MS = 240_000;

/** Posts alerts to every Alertmanager (API v2), through which each other pager is reached. */
@alertChannels.contribute()
@Injectable()
export class AlertmanagerChannel implements AlertChannel {
  readonly name = 'alertmanager';
  readonly refreshMs = 60_000;

  constructor(
    @Inject(alertsSettings.KEY) private readonly settings: AlertsSettings,
    @Inject(platformSettings.KEY) private readonly platform: SettingsOf<typeof platformSettings>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  get enabled(): boolean {
    return this.settings.alertmanagerUrls.length > 0;
  }

  send({ alerts }: AlertNotice, signal: AbortSignal): Promise<void> {
    return this.refresh(alerts, signal);
  }

  /** One that was told is enough: members of a cluster tell each other. */
  async refresh(alerts: readonly Alert[], signal: AbortSignal): Promise<void> {
    const lasts = this.clock.wall() + LIFETIME_MS;
    const told = alerts.map((alert) => alertmanagerAlert(alert, tellerOf(this.platform), alert.resolvedAt ?? lasts));
    const body = JSON.stringify(told);
    const all = this.settings.alertmanagerUrls.map((url) =>
      post(`${url.replace(/\/+$/, '')}/api/v2/alerts`, body, signal),
    );
    const outcomes = await Promise.allSettled(all);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined && !outcomes.some(({ status }) => status === 'fulfilled')) throw failed.reason;
  }
}
