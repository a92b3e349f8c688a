import { type Clock } from '../../../kernel/clock.js';
import { TimeWindow } from '../../../kernel/time-window.js';

/** What a further attempt is for. A hedge is a luxury, the other two save an answer. */
export type BudgetUse = 'retry' | 'hedge' | 'resume';

/** Size of the budget. */
export interface RetryBudgetOptions {
  /** Further attempts per recent call, 0..1. */
  readonly share: number;
  /** Further attempts that are allowed however few calls there are, per window. */
  readonly floor: number;
  /** How long calls and attempts count as recent, ms. */
  readonly windowMs: number;
}

/**
 * One in five, as in Twitter's Finagle (`RetryBudget`: 20 %, ten seconds); at worst an outage costs the upstream 1.2
 * times the usual load instead of three times. The floor is one a second, a tenth of Finagle's: Gemini's quotas are tens
 * of requests a minute, and a lone client must still get its two retries. It is a number per window and not a share of
 * calls in flight, which is nothing at low traffic.
 */
export const USUAL_BUDGET: RetryBudgetOptions = { share: 0.2, floor: 10, windowMs: 10_000 };

/** Hedges stop here, as a share of what is allowed: the rest is for attempts that somebody needs. */
const HEDGE_SHARE = 0.5;
const SLOTS = 20;

/**
 * Bounds the repetitions of all calls together (going on to a model not yet asked is none), so that retries cannot turn a failure into an overload (Google,
 * "Site Reliability Engineering", chapter 22). Memory is constant.
 */
export class RetryBudget {
  readonly #window: TimeWindow<'call' | BudgetUse>;

  constructor(
    clock: Clock,
    private readonly options: RetryBudgetOptions = USUAL_BUDGET,
  ) {
    this.#window = new TimeWindow(clock, options.windowMs, SLOTS);
  }

  /** Counts a call of a client: its first attempt is free, and a part of one more is earned. */
  call(): void {
    this.#window.add('call');
  }

  /** Takes one further attempt; false, and nothing taken, when there is none left. */
  take(use: BudgetUse): boolean {
    if (!this.has(use)) return false;
    this.#window.add(use);
    return true;
  }

  /** Whether `take` would give one. */
  has(use: BudgetUse): boolean {
    return this.used + 1 <= (use === 'hedge' ? this.allowed * HEDGE_SHARE : this.allowed);
  }

  /** Further attempts allowed within the window, not a whole number. */
  get allowed(): number {
    return Math.max(this.options.floor, this.options.share * this.#window.count('call'));
  }

  /** Further attempts taken within the window. */
  get used(): number {
    return this.#window.count('retry') + this.#window.count('hedge') + this.#window.count('resume');
  }
}
