/** What of a stock was in use, and when. */
export interface Level {
  /** Monotonic ms. */
  readonly at: number;
  readonly used: number;
}

/** Most readings that are kept: one for each bucket of the horizon. */
export const BUCKETS = 60;
/** A silence of so many buckets ends what was seen before it: what came between cannot be told. */
export const GAP_BUCKETS = 15;

interface Bucket extends Level {
  readonly index: number;
}

/**
 * The readings of one stock over a horizon, thinned to one for each sixtieth of it: the least. What comes and goes
 * within a bucket, such as garbage that a collection takes back, is no growth.
 */
export class LevelRecord {
  #buckets: Bucket[] = [];
  #lastAt = Number.NEGATIVE_INFINITY;
  readonly #width: number;

  constructor(horizonMs: number) {
    this.#width = horizonMs / BUCKETS;
  }

  /** Takes a reading; `at` in monotonic ms. */
  take({ at, used }: Level): void {
    this.#forget(at);
    this.#lastAt = at;
    const index = Math.floor(at / this.#width);
    const last = this.#buckets.at(-1);
    if (last?.index !== index) this.#buckets.push({ index, at, used });
    else if (used < last.used) this.#buckets[this.#buckets.length - 1] = { index, at, used };
  }

  /** What is kept, oldest first; `now` in monotonic ms. */
  levels(now: number): readonly Level[] {
    this.#forget(now);
    return this.#buckets;
  }

  #forget(now: number): void {
    const silence = now - this.#lastAt;
    if (silence < 0 || silence > GAP_BUCKETS * this.#width) this.#buckets = [];
    const oldest = Math.floor(now / this.#width) - BUCKETS;
    this.#buckets = this.#buckets.filter(({ index }) => index > oldest);
  }
}
