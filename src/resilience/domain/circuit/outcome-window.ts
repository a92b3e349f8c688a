/** Bit of a call that failed. */
export const FAILED = 1;
/** Bit of a call that was slow. */
export const SLOW = 2;

/** Counts the outcomes of recent calls without allocating for any of them. */
export interface OutcomeWindow {
  /** Whether `now` matters to it. */
  readonly timed: boolean;
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
  /** Adds a call with its bits at monotonic time `now`, ms. */
  record(bits: number, now: number): void;
  /** Forgets what is too old at `now`. */
  expire(now: number): void;
  clear(): void;
}

/** The last so many calls, in a ring of one byte each. */
export class CountWindow implements OutcomeWindow {
  readonly timed = false;
  readonly #ring: Uint8Array;
  #next = 0;
  calls = 0;
  failures = 0;
  slow = 0;

  constructor(size: number) {
    this.#ring = new Uint8Array(size);
  }

  record(bits: number): void {
    const ring = this.#ring;
    if (this.calls === ring.length) {
      const dropped = ring[this.#next] ?? 0;
      this.failures -= dropped & FAILED;
      this.slow -= (dropped & SLOW) >> 1;
    } else this.calls++;
    ring[this.#next] = bits;
    this.failures += bits & FAILED;
    this.slow += (bits & SLOW) >> 1;
    this.#next = this.#next + 1 === ring.length ? 0 : this.#next + 1;
  }

  expire(): void {
    // Only newer calls push out older ones.
  }

  clear(): void {
    this.#next = this.calls = this.failures = this.slow = 0;
  }
}

/**
 * The calls of a sliding span of time, summed up in slots, accurate to one slot: the
 * current slot, not yet over, and the ones before it make up the span.
 */
export class SpanWindow implements OutcomeWindow {
  readonly timed = true;
  readonly #slotMs: number;
  readonly #calls: Float64Array;
  readonly #failures: Float64Array;
  readonly #slow: Float64Array;
  /** Number of the current slot since time zero, its place in the arrays, and the time at which it ends. */
  #slot = 0;
  #place = 0;
  #slotEnd = Number.NEGATIVE_INFINITY;
  calls = 0;
  failures = 0;
  slow = 0;

  constructor(spanMs: number, slots: number) {
    this.#slotMs = spanMs / slots;
    this.#calls = new Float64Array(slots);
    this.#failures = new Float64Array(slots);
    this.#slow = new Float64Array(slots);
  }

  record(bits: number, now: number): void {
    if (now >= this.#slotEnd) this.#advance(now);
    const place = this.#place;
    this.#calls[place] = (this.#calls[place] ?? 0) + 1;
    this.calls++;
    if (bits === 0) return;
    const failed = bits & FAILED;
    const slow = (bits & SLOW) >> 1;
    this.#failures[place] = (this.#failures[place] ?? 0) + failed;
    this.#slow[place] = (this.#slow[place] ?? 0) + slow;
    this.failures += failed;
    this.slow += slow;
  }

  expire(now: number): void {
    if (now >= this.#slotEnd) this.#advance(now);
  }

  clear(): void {
    this.#calls.fill(0);
    this.#failures.fill(0);
    this.#slow.fill(0);
    this.calls = this.failures = this.slow = 0;
  }

  #advance(now: number): void {
    const slots = this.#calls.length;
    const slot = Math.floor(now / this.#slotMs);
    const passed = slot - this.#slot;
    if (passed >= slots) this.clear();
    else for (let i = 1; i <= passed; i++) this.#empty((this.#place + i) % slots);
    this.#place = (this.#place + (passed % slots)) % slots;
    if (this.#place < 0) this.#place += slots;
    this.#slot = slot;
    this.#slotEnd = (slot + 1) * this.#slotMs;
  }

  #empty(place: number): void {
    this.calls -= this.#calls[place] ?? 0;
    this.failures -= this.#failures[place] ?? 0;
    this.slow -= this.#slow[place] ?? 0;
    this.#calls[place] = this.#failures[place] = this.#slow[place] = 0;
  }
}
