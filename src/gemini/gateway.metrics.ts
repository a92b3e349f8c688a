import { Injectable } from '@nestjs/common';
import { type Counter } from 'prom-client';
import {
  BoundedLabel,
  type CounterSeries,
  DURATION_BUCKETS,
  type HistogramSeries,
  metricSources,
  type MetricSource,
  MetricsRegistry,
  type SeedPart,
  type SeriesCounter,
} from '../metrics/index.js';
import { GATEWAY_PLOT } from './gateway-plot.js';
import { DEFECTS, type DefectKind } from './domain/answer-defect.js';
import { type AnswerFacts } from './domain/answer-state.js';
import { type Usage } from './domain/usage.js';
import { RESUME_KINDS, type ResumeKind } from './domain/resume/spliced-answer.js';

/** How an attempt ended; a label of metrics. */
export const ATTEMPT_OUTCOMES = [
  'ok',
  'client_error',
  'quota',
  'server_error',
  'connection_error',
  'timeout',
  'broken',
  'aborted',
] as const;

export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

const TOKEN_TYPES = ['input', 'output', 'thoughts', 'cached'] as const;
/** Distinct models that get a label of their own; clients can invent names without end. */
const MODEL_LABELS = 100;

/** How an attempt ended; `status` is what the upstream answered, if it did. */
interface EndedAttempt {
  readonly outcome: AttemptOutcome;
  readonly status: number | undefined;
  readonly defect?: { readonly kind: DefectKind } | undefined;
  readonly spent?: Usage | undefined;
}

/** The outcome an HTTP status stands for. */
export function outcomeOf(status: number): AttemptOutcome {
  if (status < 400) return 'ok';
  if (status === 429) return 'quota';
  return status < 500 ? 'client_error' : 'server_error';
}

/** Metrics of the calls to models. */
@metricSources.contribute()
@Injectable()
export class GatewayMetrics implements MetricSource {
  readonly name = 'gateway';
  readonly #models = new BoundedLabel(MODEL_LABELS);
  readonly #attempts: Readonly<Record<AttemptOutcome, CounterSeries>>;
  readonly #firstToken: HistogramSeries;
  readonly #tokens: SeriesCounter;
  readonly #tokenSeries = new Map<string, Partial<Record<keyof Usage, CounterSeries>>>();
  readonly #defects: Counter<'kind'>;
  readonly #usage: Record<string, number> = {};
  #quota: Record<string, number> = {};
  #calls = 0;
  #upstream429 = 0;
  #upstream5xx = 0;
  #rescued = 0;
  #rotations = 0;
  readonly #retries: Counter<'result'>;
  readonly #resumed: Counter<'kind' | 'result'>;
  readonly #helped: Counter;
  readonly #further: Counter;
  #streams: () => number = () => 0;
  #exhausted = 0;

  constructor(registry: MetricsRegistry) {
    const attempts = registry.seriesCounter({
      name: 'l104_upstream_attempts_total',
      help: 'Attempts at the upstream by outcome.',
    });
    this.#attempts = Object.fromEntries(
      ATTEMPT_OUTCOMES.map((outcome) => [outcome, attempts.series({ outcome })]),
    ) as Record<AttemptOutcome, CounterSeries>;
    const firstToken = registry.seriesHistogram({
      name: 'l104_time_to_first_token_seconds',
      help: 'Time from sending an attempt to the first event of a streamed answer that brought it forward.',
      buckets: DURATION_BUCKETS,
    });
    this.#firstToken = firstToken.series({});
    this.#tokens = registry.seriesCounter({
      name: 'l104_tokens_total',
      help: 'Tokens as the upstream counted them, by type and answering model.',
    });
    this.#defects = registry.counter({
      name: 'l104_answer_defects_total',
      help: 'Answers with status 200 that were none, by what was wrong with them.',
      labelNames: ['kind'],
    });
    for (const kind of DEFECTS) this.#defects.inc({ kind }, 0);
    this.#retries = registry.counter({
      name: 'l104_retried_calls_total',
      help: 'Calls by what further attempts gave them; failover counts those that another model answered, at once or after a failure.',
      labelNames: ['result'],
    });
    for (const result of ['success', 'failover', 'exhausted']) this.#retries.inc({ result }, 0);
    this.#resumed = registry.counter({
      name: 'l104_resumed_streams_total',
      help: 'Streams gone on with behind a break, by how; failed counts attempts at it that broke or did not fit.',
      labelNames: ['kind', 'result'],
    });
    this.#helped = registry.counter({
      name: 'l104_rescued_calls_total',
      help: 'Calls that were answered only with help: another attempt, another model, or going on behind a break.',
    });
    this.#further = registry.counter({
      name: 'l104_further_attempts_total',
      help: 'Attempts after the first one of a call: retries, failovers, hedges and resumptions.',
    });
    const streams = (): number => this.#streams();
    registry.gauge({
      name: 'l104_streams_open',
      help: 'Answers that have begun and not ended: streams, and others for some milliseconds.',
      collect() {
        this.set(streams());
      },
    });
    registry.plot(GATEWAY_PLOT);
    for (const kind of RESUME_KINDS) for (const result of ['joined', 'failed']) this.#resumed.inc({ kind, result }, 0);
  }

  /** Tells where the open streams are counted. */
  attach(streams: () => number): void {
    this.#streams = streams;
  }

  /** Counts an attempt that was sent, as the `number`th of its call. */
  sent(number = 1): void {
    this.#calls++;
    if (number > 1) this.#further.inc();
  }

  /** Counts how an attempt at a model ended, what was wrong with its answer, and what it cost in vain. */
  ended({ outcome, status, defect, spent }: EndedAttempt, model: string | undefined): void {
    this.#attempts[outcome].add();
    if (defect !== undefined) this.#defects.inc({ kind: defect.kind });
    if (spent !== undefined) this.#spent(model, spent);
    if (status === undefined) return;
    if (status >= 500) this.#upstream5xx++;
    if (status !== 429) return;
    this.#upstream429++;
    bump(this.#quota, this.#label(model), 1);
  }

  /** Observes the time to the first token, ms. */
  firstToken(ms: number): void {
    this.#firstToken.observe(ms / 1000);
  }

  /** Counts an answer of a model, with its tokens where it told them. */
  answered(answer: AnswerFacts | undefined): void {
    bump(this.#usage, this.#label(answer?.model), 1);
    if (answer?.usage !== undefined) this.#spent(answer.model, answer.usage);
  }

  /** Counts tokens of a model, also those of an answer that broke. */
  #spent(model: string | undefined, usage: Usage): void {
    const label = this.#label(model);
    let series = this.#tokenSeries.get(label);
    if (series === undefined) this.#tokenSeries.set(label, (series = {}));
    for (const type of TOKEN_TYPES)
      if (usage[type] > 0) (series[type] ??= this.#tokens.series({ type, model: label })).add(usage[type]);
  }

  /** Counts an answer that was gone on with behind a break, or an attempt at that which broke or did not fit. */
  resumed(kind: ResumeKind, result: 'joined' | 'failed'): void {
    this.#resumed.inc({ kind, result });
  }

  /** Counts a call that would have gone unanswered without the node. */
  helped(): void {
    this.#helped.inc();
  }

  /** Counts a call that a further attempt answered. */
  rescued(): void {
    this.#rescued++;
    this.#retries.inc({ result: 'success' });
  }

  /** Counts a call that another model answered than the one asked for. */
  rotated(): void {
    this.#rotations++;
    this.#retries.inc({ result: 'failover' });
  }

  /** Counts a call that no further attempt could answer. */
  exhausted(): void {
    this.#exhausted++;
    this.#retries.inc({ result: 'exhausted' });
  }

  /** Models with quota refusals since the last clearing. */
  get modelsWithErrors(): number {
    return Object.keys(this.#quota).length;
  }

  /** Forgets the quota refusals per model. */
  clearModelErrors(): void {
    this.#quota = {};
  }

  #label(model: string | undefined): string {
    return model === undefined || model === '' ? 'unknown' : this.#models.of(model);
  }

  seed(): SeedPart {
    return {
      api_calls: this.#calls,
      upstream_429: this.#upstream429,
      upstream_5xx: this.#upstream5xx,
      retry_successes: this.#rescued,
      retry_exhausted: this.#exhausted,
      model_rotations: this.#rotations,
      model_usage: { ...this.#usage },
      model_429_count: { ...this.#quota },
    };
  }
}

function bump(counts: Record<string, number>, name: string, by: number): void {
  counts[name] = (counts[name] ?? 0) + by;
}
