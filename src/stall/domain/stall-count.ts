/**
 * Tells a loop that stands still from one that turns. It counts looks, not time: a process that was stopped, or a machine
 * that slept or had no time for it, has not looked either.
 */
export class StallCount {
  #seen: number | undefined;
  #still = 0;

  /** Takes one look at the number of turns; returns how many looks in a row have found the same one. */
  look(turns: number): number {
    this.#still = turns === this.#seen ? this.#still + 1 : 0;
    this.#seen = turns;
    return this.#still;
  }

  /** Begins anew, as if nothing had been seen. */
  forget(): void {
    this.#seen = undefined;
    this.#still = 0;
  }
}
