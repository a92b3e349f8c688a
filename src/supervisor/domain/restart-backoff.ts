/** A process that has lived for so long is not one that fails at once, ms. */
const FORGIVEN_AFTER_MS = 60_000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/** How long to wait before a process that has ended is started anew: not at all at first, then ever longer. */
export class RestartBackoff {
  #ends = 0;

  /** The wait in ms before the next start, now that a process has ended which served for `servedMs`. */
  next(servedMs: number): number {
    if (servedMs >= FORGIVEN_AFTER_MS) this.#ends = 0;
    const ends = this.#ends++;
    return ends === 0 ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (ends - 1), LONGEST_WAIT_MS);
  }
}
