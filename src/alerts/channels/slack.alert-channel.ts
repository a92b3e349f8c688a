import { Inject, Injectable } from '@nestjs/common';
import { platformSettings } from '../../platform/platform.settings.js';
import { type SettingsOf } from '../../platform/settings.js';
import { type AlertChannel, alertChannels } from '../alert-channel.js';
import { type AlertsSettings, alertsSettings } from '../alerts.settings.js';
import { type AlertNotice } from '../domain/alert.js';
import { noticeText } from '../domain/notice-text.js';
import { post } from '../post.js';
import { tellerOf } from '../teller.js';

/** Posts alerts as text into a chat that takes what Slack takes. */
@alertChannels.contribute()
@Injectable()
export class SlackChannel implements AlertChannel {
  readonly name = 'slack';

  constructor(
    @Inject(alertsSettings.KEY) private readonly settings: AlertsSettings,
    @Inject(platformSettings.KEY) private readonly platform: SettingsOf<typeof platformSettings>,
  ) {}

  get enabled(): boolean {
    return this.settings.slackUrl !== '';
  }

  async send(notice: AlertNotice, signal: AbortSignal): Promise<void> {
    await post(this.settings.slackUrl, JSON.stringify({ text: noticeText(notice, tellerOf(this.platform)) }), signal);
  }
}
