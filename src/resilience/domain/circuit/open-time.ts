import { type CircuitOptions } from './circuit-options.js';

/** How long a circuit stays open: longer with each opening, until it has been healthy for a while. */
export class OpenTime {
  readonly #firstMs: number;
  readonly #growth: number;
  readonly #healthyMs: number;
  /** Longest open time there can be, ms. */
  readonly maxMs: number;
  #lastMs: number | undefined;

  constructor({ openMs, growth, openMaxMs, healthyMs }: CircuitOptions) {
    this.#firstMs = openMs;
    this.#growth = growth;
    this.#healthyMs = healthyMs;
    this.maxMs = Math.max(openMs, openMaxMs);
  }

  /** The last open time, ms; undefined when there is nothing to grow from. */
  get lastMs(): number | undefined {
    return this.#lastMs;
  }

  /** Time of the next opening, ms; it comes after so many ms of being closed, or after a probe when undefined. */
  next(closedForMs: number | undefined): number {
    if (closedForMs !== undefined && closedForMs >= this.#healthyMs) this.#lastMs = undefined;
    this.#lastMs = this.#lastMs === undefined ? this.#firstMs : Math.min(this.#lastMs * this.#growth, this.maxMs);
    return this.#lastMs;
  }

  /** Takes up a growth from before; longer than can be is as long as can be. */
  resume(lastMs: number | undefined): void {
    this.#lastMs = lastMs === undefined ? undefined : Math.min(lastMs, this.maxMs);
  }
}
