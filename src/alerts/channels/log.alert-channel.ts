import { Inject, Injectable } from '@nestjs/common';
import { LOG, type Log } from '../../platform/logging.js';
import { type AlertChannel, alertChannels } from '../alert-channel.js';
import { type AlertNotice } from '../domain/alert.js';

/** Tells the log of every alert. */
@alertChannels.contribute()
@Injectable()
export class LogChannel implements AlertChannel {
  readonly name = 'log';
  readonly enabled = true;

  constructor(@Inject(LOG) private readonly log: Log) {}

  send({ id, kind, alerts }: AlertNotice): Promise<void> {
    for (const { name: alert, severity, summary, since } of alerts) {
      const fields = { event: `alert_${kind}`, notice: id, alert, severity, since: new Date(since).toISOString() };
      this.log[kind === 'firing' ? 'warn' : 'info'](fields, summary);
    }
    return Promise.resolve();
  }
}
