import { Injectable } from '@nestjs/common';
import { type Counter } from 'prom-client';
import { MetricsRegistry } from '../metrics/index.js';

const REASONS = ['calls', 'body_memory', 'rate'] as const;

interface Readings {
  calls: () => number;
  bodyBytes: () => number;
}

/** Metrics of how much the node has taken on. */
@Injectable()
export class ResilienceMetrics {
  readonly #refused: Counter<'reason'>;
  #readings: Readings = { calls: () => 0, bodyBytes: () => 0 };

  constructor(registry: MetricsRegistry) {
    this.#refused = registry.counter({
      name: 'l104_calls_refused_total',
      help: 'Calls refused at a limit, by limit: of the node, or (rate) of the client.',
      labelNames: ['reason'],
    });
    for (const reason of REASONS) this.#refused.inc({ reason }, 0);
    const readings = (): Readings => this.#readings;
    registry.gauge({
      name: 'l104_calls_in_flight',
      help: 'Calls to models that have begun and not ended.',
      collect() {
        this.set(readings().calls());
      },
    });
    registry.gauge({
      name: 'l104_body_memory_bytes',
      help: 'Memory taken by the bodies of calls in flight.',
      collect() {
        this.set(readings().bodyBytes());
      },
    });
  }

  /** Tells where the current readings are. */
  attach(readings: Readings): void {
    this.#readings = readings;
  }

  /** Counts one refusal. */
  refused(reason: (typeof REASONS)[number]): void {
    this.#refused.inc({ reason });
  }
}
