import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../../kernel/clock.js';
import { platformSettings } from '../../platform/platform.settings.js';
import { CLOCK } from '../../platform/platform.tokens.js';
import { type SettingsOf } from '../../platform/settings.js';
import { type AlertChannel, alertChannels } from '../alert-channel.js';
import { type AlertsSettings, alertsSettings } from '../alerts.settings.js';
import { type AlertNotice } from '../domain/alert.js';
import { noticeTold } from '../domain/notice-text.js';
import { post } from '../post.js';
import { tellerOf } from '../teller.js';

/** Posts alerts as JSON, signed as the Standard Webhooks specification has it (webhook-id, -timestamp, -signature). */
@alertChannels.contribute()
@Injectable()
export class WebhookChannel implements AlertChannel {
  readonly name = 'webhook';

  constructor(
    @Inject(alertsSettings.KEY) private readonly settings: AlertsSettings,
    @Inject(platformSettings.KEY) private readonly platform: SettingsOf<typeof platformSettings>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  get enabled(): boolean {
    return this.settings.webhookUrl !== '';
  }

  async send(notice: AlertNotice, signal: AbortSignal): Promise<void> {
    const body = JSON.stringify(noticeTold(notice, tellerOf(this.platform)));
    const timestamp = String(Math.floor(this.clock.wall() / 1000));
    const { webhookSecret: secret, webhookUrl } = this.settings;
    await post(webhookUrl, body, signal, {
      'webhook-id': notice.id,
      'webhook-timestamp': timestamp,
      ...(secret === '' ? {} : { 'webhook-signature': signature(secret, `${notice.id}.${timestamp}.${body}`) }),
    });
  }
}

function signature(secret: string, content: string): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret;
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}
