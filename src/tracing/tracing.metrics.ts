import { Injectable } from '@nestjs/common';
import { type Counter } from 'prom-client';
import { MetricsRegistry } from '../metrics/index.js';

const RESULTS = ['ended', 'exported', 'failed'] as const;

/** Metrics of the spans: those that ended and were neither exported nor failed wait, or were dropped because too many did. */
@Injectable()
export class TracingMetrics {
  readonly #spans: Counter<'result'>;

  constructor(registry: MetricsRegistry) {
    this.#spans = registry.counter({
      name: 'l104_trace_spans_total',
      help: 'Recorded spans by what became of them; those ended but neither exported nor failed wait or were dropped.',
      labelNames: ['result'],
    });
    for (const result of RESULTS) this.#spans.inc({ result }, 0);
  }

  /** Counts spans. */
  count(result: (typeof RESULTS)[number], spans: number): void {
    this.#spans.inc({ result }, spans);
  }
}
