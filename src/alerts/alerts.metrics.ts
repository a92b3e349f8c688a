import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { MetricsRegistry } from '../metrics/index.js';
import { alertChannels } from './alert-channel.js';
import { type Alert } from './domain/alert.js';
import { ALERT_RULES } from './domain/alert-rules.js';

const STATES = ['pending', 'firing'] as const;
const OUTCOMES = ['sent', 'failed', 'dropped'] as const;

/** What became of a notice. */
export type NoticeOutcome = (typeof OUTCOMES)[number];

/** Tells which alerts stand and what became of their notices; labels come from closed lists. */
@Injectable()
export class AlertsMetrics implements OnApplicationBootstrap {
  readonly #notices;
  #standing: () => readonly Alert[] = () => [];

  constructor(
    @Inject(MetricsRegistry) registry: MetricsRegistry,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
  ) {
    this.#notices = registry.counter({
      name: 'l104_alert_notices_total',
      help: 'Notices of alerts by channel and outcome; failed counts attempts, dropped what was given up.',
      labelNames: ['channel', 'outcome'],
    });
    const standing = (): readonly Alert[] => this.#standing();
    registry.gauge({
      name: 'l104_alerts',
      help: 'Whether an alert stands, 0 or 1.',
      labelNames: ['alert', 'severity', 'state'],
      collect() {
        const states = new Map(standing().map(({ name, state }) => [name, state]));
        for (const { name: alert, severity } of ALERT_RULES)
          for (const state of STATES) this.set({ alert, severity, state }, states.get(alert) === state ? 1 : 0);
      },
    });
  }

  onApplicationBootstrap(): void {
    for (const { name: channel } of alertChannels.collect(this.discovery))
      for (const outcome of OUTCOMES) this.#notices.inc({ channel, outcome }, 0);
  }

  /** Tells where it is known what stands. */
  attach(standing: () => readonly Alert[]): void {
    this.#standing = standing;
  }

  notice(channel: string, outcome: NoticeOutcome): void {
    this.#notices.inc({ channel, outcome });
  }
}
