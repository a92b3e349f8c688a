import { type Clock } from '../../../kernel/clock.js';

/** Share of a new pause in the mean of pauses. */
const WEIGHT = 0.1;
/** Pause assumed before any was measured, ms. */
const FIRST_MS = 100;
/** Bounds of a wait that is told to callers, ms. */
const LEAST_WAIT_MS = 1_000;
const MOST_WAIT_MS = 30_000;

/** How often places fall free: a moving mean of the pauses between them. */
export class Pace {
  #meanMs: number | undefined;
  #last: number | undefined;

  constructor(private readonly clock: Clock) {}

  /** Whether a pause was measured yet. */
  get known(): boolean {
    return this.#meanMs !== undefined;
  }

  /** The mean pause, or the one that lasts, should it be longer already, ms. */
  get pauseMs(): number {
    const lasting = this.#last === undefined ? 0 : this.clock.now() - this.#last;
    return Math.max(this.#meanMs ?? FIRST_MS, lasting);
  }

  /** A place fell free. */
  tick(): void {
    const now = this.clock.now();
    const pause = now - (this.#last ?? now);
    this.#meanMs = this.#meanMs === undefined ? pause : this.#meanMs + (pause - this.#meanMs) * WEIGHT;
    this.#last = now;
  }

  /** From now on places are wanted: pauses before do not count. */
  begin(): void {
    this.#last = this.clock.now();
  }

  /** What to tell someone who is turned away with `ahead` others before it: when there may be room, 1 to 30 s in ms. */
  retryAfterMs(ahead: number): number {
    return Math.min(MOST_WAIT_MS, Math.max(LEAST_WAIT_MS, (ahead + 1) * this.pauseMs));
  }
}
