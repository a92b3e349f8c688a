import { type CircuitOptions } from './circuit-options.js';
import { type CircuitCounts, type OpeningRule } from './circuit-state.js';
import { CountWindow, FAILED, type OutcomeWindow, SLOW, SpanWindow } from './outcome-window.js';

/** A rule that looks at calls as they end. */
export type TripRule = Extract<OpeningRule, 'consecutive_failures' | 'failure_rate' | 'slow_rate'>;

/**
 * Counts the calls of a closed circuit and says when it must open. The rules are those of
 * resilience4j and Polly; failures in a row stand beside the rates because a rate alone
 * never speaks on small traffic.
 */
export class TripRules {
  /** Whether an outcome must come with its time. */
  readonly needsEnd: boolean;
  /** Calls longer than this many ms are slow; infinite when the rule is off. */
  readonly slowerThanMs: number;
  readonly #window: OutcomeWindow | undefined;
  readonly #mostInARow: number;
  readonly #failureShare: number;
  readonly #failureCalls: number;
  readonly #slowShare: number;
  readonly #slowCalls: number;
  #inARow = 0;

  constructor({ consecutiveFailures, failureRate, slowRate, window }: CircuitOptions) {
    this.#mostInARow = consecutiveFailures === false ? Number.POSITIVE_INFINITY : consecutiveFailures;
    // A rule that is off waits for more calls than there will ever be.
    this.#failureShare = failureRate === false ? 1 : failureRate.share;
    this.#failureCalls = failureRate === false ? Number.POSITIVE_INFINITY : failureRate.minimumCalls;
    this.#slowShare = slowRate === false ? 1 : slowRate.share;
    this.#slowCalls = slowRate === false ? Number.POSITIVE_INFINITY : slowRate.minimumCalls;
    this.slowerThanMs = slowRate === false ? Number.POSITIVE_INFINITY : slowRate.slowerThanMs;
    if (failureRate !== false || slowRate !== false) {
      this.#window =
        window.kind === 'count' ? new CountWindow(window.calls) : new SpanWindow(window.spanMs, window.slots);
    }
    this.needsEnd = this.#window?.timed === true;
  }

  /** Counts a call of `tookMs` that ended at monotonic `now`; answers the rule that is broken by it, if any. */
  record(failed: boolean, tookMs: number, now: number): TripRule | undefined {
    this.#inARow = failed ? this.#inARow + 1 : 0;
    const window = this.#window;
    if (window === undefined) return this.#inARow >= this.#mostInARow ? 'consecutive_failures' : undefined;
    const late = tookMs > this.slowerThanMs;
    window.record((failed ? FAILED : 0) | (late ? SLOW : 0), now);
    if (this.#inARow >= this.#mostInARow) return 'consecutive_failures';
    const { calls } = window;
    // A call that went well is no reason to refuse the next, whatever the rate still is.
    if (failed && calls >= this.#failureCalls && window.failures / calls >= this.#failureShare) return 'failure_rate';
    if (late && calls >= this.#slowCalls && window.slow / calls >= this.#slowShare) return 'slow_rate';
    return undefined;
  }

  /** What is counted at `now`. */
  counts(now: number): CircuitCounts {
    this.#window?.expire(now);
    const { calls = 0, failures = 0, slow = 0 } = this.#window ?? {};
    return { calls, failures, slow, consecutiveFailures: this.#inARow };
  }

  clear(): void {
    this.#inARow = 0;
    this.#window?.clear();
  }
}
