import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../kernel/clock.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type SettingsOf } from '../platform/settings.js';
import { Backoff } from './domain/retry/backoff.js';
import { type BudgetUse, RetryBudget } from './domain/retry/retry-budget.js';
import { resilienceSettings } from './resilience.settings.js';

/** How long calls and further attempts count as recent, ms; ten seconds as in Finagle. */
const BUDGET_WINDOW_MS = 10_000;

/** When and how often the node tries again, all calls together. */
@Injectable()
export class RetryPolicy {
  readonly #backoff: Backoff;
  readonly #budget: RetryBudget;

  constructor(
    @Inject(resilienceSettings.KEY) readonly settings: SettingsOf<typeof resilienceSettings>,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#backoff = new Backoff({
      baseMs: settings.backoffBaseMs,
      multiplier: settings.backoffMultiplier,
      capMs: settings.backoffCapMs,
      random: Math.random,
    });
    this.#budget = new RetryBudget(clock, {
      share: settings.retryBudgetShare,
      floor: settings.retryBudgetFloor,
      windowMs: BUDGET_WINDOW_MS,
    });
  }

  /** Counts a call of a client, which earns a part of a further attempt. */
  call(): void {
    this.#budget.call();
  }

  /** Whether `take` would give one. */
  has(use: BudgetUse): boolean {
    return this.#budget.has(use);
  }

  /** Takes one further attempt from the budget; false when there is none left. */
  take(use: BudgetUse): boolean {
    return this.#budget.take(use);
  }

  /** Further attempts allowed and taken lately, and what lately is. */
  get budget(): { readonly allowed: number; readonly used: number; readonly windowMs: number } {
    const { allowed, used } = this.#budget;
    return { allowed, used, windowMs: BUDGET_WINDOW_MS };
  }

  /** Wait before retry number `retry` (1, 2, …), ms; `serverMs` is what the server asked for. */
  waitMs(retry: number, serverMs?: number): number {
    return this.#backoff.waitMs(retry, serverMs);
  }
}
