/** Refusals that are told one by one, and time after which one more is, ms: under a hundred a day, of thousands of entries. */
const BURST = 10;
const REFILL_MS = 15 * 60_000;

/** Decides which refused attempts the journal tells: somebody who tries for days must not push the heals out of it. */
export class RefusalAllowance {
  #left = BURST;
  #filledAt = 0;
  #untold = 0;

  /** A refusal at `now`, monotonic ms: how many before it were not told where this one is to be; undefined where it is not. */
  take(now: number): number | undefined {
    const refills = Math.floor((now - this.#filledAt) / REFILL_MS);
    this.#left = Math.min(BURST, this.#left + refills);
    this.#filledAt += refills * REFILL_MS;
    if (this.#left === 0) {
      this.#untold++;
      return undefined;
    }
    this.#left--;
    const untold = this.#untold;
    this.#untold = 0;
    return untold;
  }
}
