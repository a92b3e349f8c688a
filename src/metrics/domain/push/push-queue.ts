import { type Clock } from '../../../kernel/clock.js';

/** Wait after a failure, ms; doubled with each one, up to the longest. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** Longest wait that a receiver can ask for, ms. */
const LONGEST_ASKED_MS = 300_000;

/** What waits to be pushed, oldest first, and when the next attempt is due. */
export class PushQueue<P> {
  readonly #waiting: P[] = [];
  #failures = 0;
  #dueAt = -Infinity;

  /**
   * @param limit most payloads that wait; the oldest goes when one more comes
   * @param random 0..1, so that nodes do not come back all at once
   */
  constructor(
    private readonly limit: number,
    private readonly clock: Clock,
    private readonly random: () => number,
  ) {}

  get length(): number {
    return this.#waiting.length;
  }

  /** Adds a payload; true when the oldest was dropped for it. */
  add(payload: P): boolean {
    this.#waiting.push(payload);
    if (this.#waiting.length <= this.limit) return false;
    this.#waiting.shift();
    return true;
  }

  /** What is to be sent next; undefined when nothing waits. It stays until it is `done`. */
  get next(): P | undefined {
    return this.#waiting[0];
  }

  /** Time until the next attempt, ms; 0 when it is due. */
  get waitMs(): number {
    return Math.max(0, this.#dueAt - this.clock.now());
  }

  /** The payload was taken, or never will be: the next one is due. */
  done(payload: P): void {
    // It may have been dropped while it was sent.
    if (this.#waiting[0] === payload) this.#waiting.shift();
    this.#failures = 0;
    this.#dueAt = -Infinity;
  }

  /** The receiver did not take it now; it may have said how long it wants to be left alone. */
  failed(askedMs: number | undefined): void {
    const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 10);
    const wait = askedMs === undefined ? full * (0.5 + this.random() / 2) : Math.min(askedMs, LONGEST_ASKED_MS);
    this.#dueAt = this.clock.now() + wait;
  }
}
