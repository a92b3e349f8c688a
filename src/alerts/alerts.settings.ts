import { decimal, list, text } from '../platform/setting-kinds.js';
import { defineSettings, type Setting, SettingProblem, type SettingsOf } from '../platform/settings.js';

/** An http(s) address that may carry a secret in its path or query; empty when unset. */
function secretAddress(variable: string, about: string, example: string): Setting<string> {
  const address = text({ variable, secret: true, about, example });
  return {
    ...address,
    read: (raw) => {
      const value = address.read(raw);
      if (value === '' || isHttp(value)) return value;
      throw new SettingProblem('is not an http(s) address');
    },
  };
}

function isHttp(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

/** Settings of the alerts. */
export const alertsSettings = defineSettings('alerts', 'Alerts', {
  webhookUrl: secretAddress(
    'ALERT_WEBHOOK_URL',
    'Where alerts are posted to as JSON, signed as the Standard Webhooks specification has it.',
    'https://hooks.example.com/l104',
  ),
  webhookSecret: text({
    variable: 'ALERT_WEBHOOK_SECRET',
    secret: true,
    max: 512,
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    about: 'Secret that webhooks are signed with; `whsec_` and base64, or any text. Unset: they are not signed.',
  }),
  slackUrl: secretAddress(
    'ALERT_SLACK_URL',
    'Incoming webhook of Slack, or of a chat that takes the same (Mattermost, Rocket.Chat, Discord with `/slack`).',
    'https://hooks.slack.com/services/T0/B0/x',
  ),
  alertmanagerUrls: list({
    variable: 'ALERT_ALERTMANAGER_URL',
    max: 8,
    each: /^https?:\/\/[^\s,]+$/,
    eachIs: 'an http(s) address',
    example: 'http://alertmanager:9093',
    about: 'Addresses of Alertmanager, all members of a cluster; each is told of every alert.',
  }),
  objectivePercent: decimal({
    variable: 'ALERT_OBJECTIVE_PERCENT',
    default: 99.5,
    min: 50,
    max: 99.99,
    about:
      'Share of requests that are to succeed within a month, in percent; the alert on the error budget is measured against it. 99.5 leaves room for what even a good upstream loses.',
  }),
});

/** Values of the settings of the alerts. */
export type AlertsSettings = SettingsOf<typeof alertsSettings>;
