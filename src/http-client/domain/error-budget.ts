import { type Clock } from '../../kernel/clock.js';

/**
 * Counts connection errors since the last success and says when the pool has earned a
 * recycling: at `threshold` errors, and not within `cooldownMs` of the recycling before.
 */
export class ErrorBudget {
  #errors = 0;
  #lastRecycle = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    private readonly threshold: number,
    private readonly cooldownMs: number,
  ) {}

  /** Connection errors since the last success or recycling. */
  get errors(): number {
    return this.#errors;
  }

  /** Counts one connection error; true when the pool should be recycled now. */
  fail(): boolean {
    this.#errors++;
    return this.#errors >= this.threshold && this.clock.now() - this.#lastRecycle >= this.cooldownMs;
  }

  /** A connection worked: what came before was not the pool's fault. */
  succeed(): void {
    this.#errors = 0;
  }

  /** The pool was recycled, for whatever reason. */
  recycled(): void {
    this.#errors = 0;
    this.#lastRecycle = this.clock.now();
  }
}
