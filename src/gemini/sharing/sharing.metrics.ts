import { Injectable } from '@nestjs/common';
import { type Counter } from 'prom-client';
import { MetricsRegistry } from '../../metrics/index.js';

const KINDS = ['coalesced', 'stale'] as const;

/** How a call got an answer without an attempt of its own; a label of metrics. */
export type SharedAnswer = (typeof KINDS)[number];

/** Metrics of answers that more than one call got. */
@Injectable()
export class SharingMetrics {
  readonly #shared: Counter<'kind'>;
  #bytes: () => number = () => 0;

  constructor(registry: MetricsRegistry) {
    this.#shared = registry.counter({
      name: 'l104_shared_answers_total',
      help: 'Calls answered with the answer to another: one in flight (coalesced), or an older one in place of a failure (stale).',
      labelNames: ['kind'],
    });
    for (const kind of KINDS) this.#shared.inc({ kind }, 0);
    const bytes = (): number => this.#bytes();
    registry.gauge({
      name: 'l104_shared_answers_memory_bytes',
      help: 'Memory taken by answers that are shared or kept, of ANSWER_CACHE_MEMORY.',
      collect() {
        this.set(bytes());
      },
    });
  }

  /** Tells where the current reading is. */
  attach(bytes: () => number): void {
    this.#bytes = bytes;
  }

  /** Counts a call that got a shared answer. */
  shared(kind: SharedAnswer): void {
    this.#shared.inc({ kind });
  }
}
