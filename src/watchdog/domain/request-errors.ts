import { type Cause } from '../../kernel/cause.js';
import { type Clock } from '../../kernel/clock.js';
import { TimeWindow } from '../../kernel/time-window.js';
import { ErrorScore } from './error-score.js';

/** What a finished request says about the node and the upstream. */
export interface RequestOutcome {
  readonly failed: boolean;
  /** It was answered only with help of the node. */
  readonly helped?: boolean;
  /** Code of the error, or undefined when there was none. */
  readonly code: string | undefined;
}

/** Span over which people are told of requests, ms. */
const SUMMARY_SPAN_MS = 300_000;
/** Span that says how it is now, ms. */
const MINUTE_MS = 60_000;
/** The rate that backs the score is that of so many requests at most, so many at least, and none older than this (ms). */
const RATE_REQUESTS = 20;
const RATE_LEAST = 10;
const RATE_SPAN_MS = 60_000;
/** Share of failed requests at which a score that successes hold down counts as reached all the same. */
const RATE = 0.5;

/** Codes of the node's own errors by what they speak of; every other code speaks of the upstream. */
const CAUSE_OF_CODE: Readonly<Record<string, Cause>> = {
  INTERNAL: 'internal_fault',
  OVERLOADED: 'local_overload',
  STORE_UNAVAILABLE: 'store_fault',
  QUOTA_EXHAUSTED: 'quota_exhausted',
};

/**
 * Errors of requests: the seed's score (up on an error, down on a success), backed by a rate, because at a steady
 * failure rate of a half the score hovers below any threshold for ever.
 */
export class RequestErrors {
  readonly #summary: TimeWindow<'ok' | 'failed' | 'helped'>;
  readonly #minute: TimeWindow<'ok' | 'failed'>;
  #failedEver = 0;
  #answeredEver = 0;
  #score: ErrorScore;
  /** The latest requests, oldest first. */
  #latest: { readonly at: number; readonly failed: boolean }[] = [];
  #causes: TimeWindow<Cause>;
  #sinceForgotten = 0;
  /** Successes in a row. */
  #successes = 0;
  #lastFailure: string | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly threshold: number,
  ) {
    this.#summary = new TimeWindow(clock, SUMMARY_SPAN_MS);
    this.#minute = new TimeWindow(clock, MINUTE_MS);
    this.#score = new ErrorScore(threshold);
    this.#causes = new TimeWindow(clock, RATE_SPAN_MS);
  }

  /** Takes a request in; true when the errors have come to be too many by it. */
  add({ failed, code, helped }: RequestOutcome): boolean {
    const before = failed && this.failing;
    this.#sinceForgotten++;
    this.#count(failed, helped === true);
    if (this.#latest.push({ at: this.clock.now(), failed }) > RATE_REQUESTS) this.#latest.shift();
    this.#successes = failed ? 0 : this.#successes + 1;
    if (!failed) {
      this.#score.success();
      return false;
    }
    this.#score.error();
    this.#causes.add(causeOf(code));
    this.#lastFailure = code ?? 'an unnamed error';
    return !before && this.failing;
  }

  get score(): number {
    return this.#score.score;
  }

  /** Share of the latest requests that failed, 0..1; 0 while they are too few to speak of one. */
  get rate(): number {
    const oldest = this.clock.now() - RATE_SPAN_MS;
    const latest = this.#latest.filter(({ at }) => at >= oldest);
    return latest.length < RATE_LEAST ? 0 : latest.filter(({ failed }) => failed).length / latest.length;
  }

  /** Too many errors, by the score or by the rate. */
  get failing(): boolean {
    // So many successes in a row are a recovery, whatever came before them.
    return this.#score.failing || (this.#successes < this.threshold && this.rate >= RATE);
  }

  /** What most of the errors of the last minute speak of. */
  get cause(): Cause {
    const causes: Cause[] = ['internal_fault', 'store_fault', 'local_overload', 'quota_exhausted', 'upstream_outage'];
    let most: Cause = 'upstream_outage';
    for (const cause of causes) if (this.#causes.count(cause) > this.#causes.count(most)) most = cause;
    return most;
  }

  /** Requests of the last five minutes. */
  get answered(): number {
    return this.#summary.count('ok');
  }

  /** Requests of the last five minutes that failed. */
  get failed(): number {
    return this.#summary.count('failed');
  }

  /** Requests of the last five minutes that were answered only with help. */
  get helped(): number {
    return this.#summary.count('helped');
  }

  /** Requests of the last minute. */
  get lastMinute(): { readonly answered: number; readonly failed: number } {
    return { answered: this.#minute.count('ok'), failed: this.#minute.count('failed') };
  }

  /** Requests that failed since the process began. */
  get failedEver(): number {
    return this.#failedEver;
  }

  /** Whether there has been any request since the process began. */
  get ever(): boolean {
    return this.#failedEver + this.#answeredEver > 0;
  }

  /** Code of the last failure. */
  get lastFailure(): string | undefined {
    return this.#lastFailure;
  }

  /** True while nothing has come since `forget` that could tell whether it is better. */
  get quiet(): boolean {
    return this.#sinceForgotten === 0;
  }

  /** Holds nothing of what was against the node any more; what people are told of the last minutes stays. */
  forget(): void {
    this.#score = new ErrorScore(this.threshold);
    this.#latest = [];
    this.#causes = new TimeWindow(this.clock, RATE_SPAN_MS);
    this.#sinceForgotten = 0;
  }

  #count(failed: boolean, helped: boolean): void {
    const outcome = failed ? 'failed' : 'ok';
    this.#summary.add(outcome);
    this.#minute.add(outcome);
    if (failed) this.#failedEver++;
    else this.#answeredEver++;
    if (helped && !failed) this.#summary.add('helped');
  }
}

function causeOf(code: string | undefined): Cause {
  return (code === undefined ? undefined : CAUSE_OF_CODE[code]) ?? 'upstream_outage';
}
