import { Injectable } from '@nestjs/common';
import { type Counter, type Histogram } from 'prom-client';
import { metricSources, type MetricSource, MetricsRegistry, type SeedPart } from '../metrics/index.js';
import { type StoreState } from './store-status.js';

/** How a write ended: stored, refused by a full queue, refused for want of a store, or failed in itself. */
export type WriteResult = 'ok' | 'queue_full' | 'unavailable' | 'failed';

interface StoreReadings {
  queueLength: () => number;
  state: () => StoreState;
}

const RESULTS: readonly WriteResult[] = ['ok', 'queue_full', 'unavailable', 'failed'];
const STATES: readonly StoreState[] = ['opening', 'ready', 'unusable'];

/** Seconds; from an fsync of a fast disk to the wait behind a full queue. */
const WRITE_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Metrics of the memory store. */
@metricSources.contribute()
@Injectable()
export class MemoryMetrics implements MetricSource {
  readonly name = 'memory';
  readonly #writes: Counter<'result'>;
  readonly #seconds: Histogram;
  #store: StoreReadings = { queueLength: () => 0, state: () => 'opening' };

  constructor(registry: MetricsRegistry) {
    this.#writes = registry.counter({
      name: 'l104_memory_writes_total',
      help: 'Writes to the memory store by result.',
      labelNames: ['result'],
    });
    for (const result of RESULTS) this.#writes.inc({ result }, 0);
    this.#seconds = registry.histogram({
      name: 'l104_memory_write_seconds',
      help: 'Time from asking for a write until it is durable, the wait in the queue included.',
      buckets: WRITE_BUCKETS,
    });
    const readings = (): StoreReadings => this.#store;
    registry.gauge({
      name: 'l104_memory_queue_length',
      help: 'Writes that wait or run.',
      collect() {
        this.set(readings().queueLength());
      },
    });
    registry.gauge({
      name: 'l104_memory_state',
      help: '1 for the state the memory store is in, 0 for the others.',
      labelNames: ['state'],
      collect() {
        for (const state of STATES) this.set({ state }, state === readings().state() ? 1 : 0);
      },
    });
  }

  /** Tells where the current readings are. */
  attach(store: StoreReadings): void {
    this.#store = store;
  }

  /** Counts one write; `seconds` only of one that was stored. */
  wrote(result: WriteResult, seconds?: number): void {
    this.#writes.inc({ result });
    if (seconds !== undefined) this.#seconds.observe(seconds);
  }

  seed(): SeedPart {
    return {};
  }
}
