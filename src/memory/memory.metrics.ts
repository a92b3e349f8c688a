import { Injectable } from '@nestjs/common';
import { type Counter, type Histogram } from 'prom-client';
import { metricSources, type MetricSource, MetricsRegistry, type SeedPart } from '../metrics/index.js';
import { type CopyFigures } from './database.js';
import { type StoreState } from './store-status.js';

/** How a write ended: stored, refused by a full queue, refused for want of a store, or failed in itself. */
export type WriteResult = 'ok' | 'queue_full' | 'unavailable' | 'failed';

interface StoreReadings {
  queueLength: () => number;
  state: () => StoreState;
  copies: () => CopyFigures | undefined;
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
  readonly #repairs: Counter<'result'>;
  #store: StoreReadings = { queueLength: () => 0, state: () => 'opening', copies: () => undefined };

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
    this.#repairs = registry.counter({
      name: 'l104_memory_repairs_total',
      help: 'Repairs of the memory store by result: nothing acknowledged lost, or something that can be.',
      labelNames: ['result'],
    });
    for (const result of ['whole', 'lost']) this.#repairs.inc({ result }, 0);
    this.#addReadings(registry);
  }

  #addReadings(registry: MetricsRegistry): void {
    const readings = (): StoreReadings => this.#store;
    registry.gauge({
      name: 'l104_memory_redo_bytes',
      help: 'Size of the journal that makes acknowledged writes outlive a destroyed database file.',
      collect() {
        this.set(readings().copies()?.redoBytes ?? 0);
      },
    });
    registry.gauge({
      name: 'l104_memory_last_backup_timestamp_seconds',
      help: 'When the newest backup of the memory store was made; 0 when there is none.',
      collect() {
        this.set((readings().copies()?.backedUpAt ?? 0) / 1000);
      },
    });
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

  /** Counts one repair, and whether all that was acknowledged is known to be there. */
  repaired(whole: boolean): void {
    this.#repairs.inc({ result: whole ? 'whole' : 'lost' });
  }

  /** Tells where the current readings are. */
  attach(store: StoreReadings): void {
    this.#store = store;
  }

  /** Writes that wait or run now. */
  get pendingWrites(): number {
    return this.#store.queueLength();
  }

  /** What is known of the store's own copies; undefined where it keeps none. */
  get copies(): CopyFigures | undefined {
    return this.#store.copies();
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

/** How a write ended that has thrown this. */
export function resultOf(error: unknown): WriteResult {
  const { code } = error as { code?: unknown };
  if (code === 'OVERLOADED') return 'queue_full';
  return code === 'STORE_UNAVAILABLE' || code === 'DRAINING' ? 'unavailable' : 'failed';
}
