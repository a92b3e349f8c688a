import { Injectable } from '@nestjs/common';
import { type Counter } from 'prom-client';
import { MetricsRegistry, type Plot } from '../metrics/index.js';

const REASONS = ['calls', 'body_memory', 'crowded', 'expired', 'hopeless', 'rate'] as const;
/** Bulkheads with series of their own; names may come from callers. */
const SHOWN = 100;

/** A bulkhead as metrics see it. */
type NamedBulkhead = readonly [
  name: string,
  bulkhead: { readonly limit: number; readonly inFlight: number; readonly waiting: number },
];

interface Readings {
  calls: () => number;
  bodyBytes: () => number;
}

const GAUGES: readonly { name: string; help: string; read: (bulkhead: NamedBulkhead[1]) => number }[] = [
  {
    name: 'l104_concurrency_limit',
    help: 'Attempts that may wait for their first word at once, by bulkhead (a model and a form of answer).',
    read: ({ limit }) => limit,
  },
  {
    name: 'l104_concurrency_in_flight',
    help: 'Attempts that wait for their first word, by bulkhead.',
    read: ({ inFlight }) => inFlight,
  },
  {
    name: 'l104_queue_length',
    help: 'Calls that wait for a place, by bulkhead.',
    read: ({ waiting }) => waiting,
  },
];

/** What the history shows of how much the node has taken on. */
const LOAD_PLOT: Plot = {
  tracks: [
    { name: 'in_flight', kind: 'gauge', from: 'l104_calls_in_flight' },
    { name: 'concurrency_limit', kind: 'gauge', from: 'l104_concurrency_limit' },
    { name: 'queue', kind: 'gauge', from: 'l104_queue_length', otherwise: 0 },
  ],
  series: [
    {
      name: 'in_flight',
      unit: '',
      help: 'Calls to models that have begun and not ended.',
      shown: { as: 'mean', of: 'in_flight' },
    },
    {
      name: 'concurrency_limit',
      unit: '',
      help: 'Attempts that may wait for their first word at once, over all models; unknown before the first call.',
      shown: { as: 'mean', of: 'concurrency_limit' },
    },
    {
      name: 'queue',
      unit: '',
      help: 'Calls that wait for a place, and the most that did at any look in a longer step.',
      shown: { as: 'highest', of: 'queue' },
    },
  ],
};

/** Metrics of how much the node has taken on. */
@Injectable()
export class ResilienceMetrics {
  readonly #refused: Counter<'reason'>;
  #readings: Readings = { calls: () => 0, bodyBytes: () => 0 };
  #bulkheads: () => readonly NamedBulkhead[] = () => [];

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
    registry.plot(LOAD_PLOT);
    const bulkheads = (): readonly NamedBulkhead[] => this.#bulkheads().slice(0, SHOWN);
    for (const { name, help, read } of GAUGES) {
      registry.gauge({
        name,
        help,
        labelNames: ['bulkhead'],
        collect() {
          this.reset();
          for (const [bulkhead, reading] of bulkheads()) this.set({ bulkhead }, read(reading));
        },
      });
    }
  }

  /** Tells where the bulkheads are. */
  attachBulkheads(bulkheads: () => readonly NamedBulkhead[]): void {
    this.#bulkheads = bulkheads;
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
