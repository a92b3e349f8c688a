import { Inject, Injectable } from '@nestjs/common';
import { type CallFacts } from '../kernel/call-facts.js';
import { type Clock } from '../kernel/clock.js';
import { failureName } from '../kernel/failure-name.js';
import {
  BoundedLabels,
  DURATION_BUCKETS,
  exemplarOf,
  type HistogramSeries,
  MetricsRegistry,
  type SeriesHistogram,
} from '../metrics/index.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type RequestFinished } from '../platform/request-context.js';
import { RequestEvents } from '../platform/request-events.js';

const OPERATION = ['gen_ai_operation_name', 'gen_ai_request_model', 'gen_ai_response_model'] as const;
/** OpenTelemetry's buckets for tokens: powers of 4 up to 67,108,864. */
const TOKEN_BUCKETS = Array.from({ length: 14 }, (_, power) => 4 ** power);
/** Sets of labels with series of their own; each has 17 lines in a scrape. Clients can invent models without end. */
const SETS = 100;

interface TokenSeries {
  readonly input: HistogramSeries;
  readonly output: HistogramSeries;
}

/**
 * The twins of OpenTelemetry's metrics for GenAI clients, under the names that Prometheus gives them: one operation is
 * one call of a client, whatever attempts it took.
 */
@Injectable()
export class GenAiMetrics {
  readonly #durationSets = new BoundedLabels([...OPERATION, 'error_type'], SETS);
  readonly #tokenSets = new BoundedLabels(OPERATION, SETS);
  readonly #durations: SeriesHistogram;
  readonly #tokens: SeriesHistogram;
  readonly #durationSeries = new Map<object, HistogramSeries>();
  readonly #tokenSeries = new Map<object, TokenSeries>();

  constructor(
    registry: MetricsRegistry,
    events: RequestEvents,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.#durations = registry.seriesHistogram({
      name: 'gen_ai_client_operation_duration_seconds',
      help: 'Time that calls to models took, by model asked and answering; error_type is empty where they succeeded.',
      buckets: DURATION_BUCKETS,
    });
    this.#tokens = registry.seriesHistogram({
      name: 'gen_ai_client_token_usage',
      help: 'Tokens that calls to models took, by model and type; thoughts count as output.',
      buckets: TOKEN_BUCKETS,
    });
    events.finished.subscribe((finished) => {
      const { call } = finished;
      if (call?.operation === undefined || call.attempts === 0) return;
      this.#observe(finished, call, call.operation);
    });
  }

  #observe(finished: RequestFinished, call: CallFacts, operation: string): void {
    const asked = call.asked ?? '';
    const served = call.served ?? '';
    const exemplar = exemplarOf(finished, this.clock.wall());
    this.#durationOf(operation, asked, served, errorOf(finished)).observe(finished.durationMs / 1000, exemplar);
    const { tokens } = call;
    if (tokens === undefined) return;
    const series = this.#tokensOf(operation, asked, served);
    series.input.observe(tokens.input);
    series.output.observe(tokens.output + tokens.thoughts);
  }

  #durationOf(...values: readonly [operation: string, asked: string, served: string, error: string]): HistogramSeries {
    const labels = this.#durationSets.of(...values);
    let series = this.#durationSeries.get(labels);
    if (series === undefined) this.#durationSeries.set(labels, (series = this.#durations.series(labels)));
    return series;
  }

  #tokensOf(...values: readonly [operation: string, asked: string, served: string]): TokenSeries {
    const labels = this.#tokenSets.of(...values);
    let series = this.#tokenSeries.get(labels);
    if (series === undefined) {
      const ofType = (type: string): HistogramSeries => this.#tokens.series({ ...labels, gen_ai_token_type: type });
      this.#tokenSeries.set(labels, (series = { input: ofType('input'), output: ofType('output') }));
    }
    return series;
  }
}

/** `error.type`: the node's or the upstream's code, else the status; a client that left is an error of this operation too. */
function errorOf({ status, broken, code }: RequestFinished): string {
  if (!broken && status < 400) return '';
  return failureName(code, status);
}
