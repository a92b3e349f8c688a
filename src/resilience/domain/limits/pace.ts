import { type Clock } from '../../../kernel/clock.js';

/** Share of a new time in the mean of times. */
const WEIGHT = 0.1;
/** Time a place is held, assumed before any was measured, ms. */
const FIRST_MS = 1_000;
/** Bounds of a wait that is told to callers, ms. */
const LEAST_WAIT_MS = 1_000;
const MOST_WAIT_MS = 30_000;

/**
 * How soon places fall free: by how long each is held and how many there are (Little, "A proof for the queuing formula
 * L = λW", 1961). Pauses between them would tell less: places that were taken together fall free together.
 */
export class Pace {
  #heldMs: number | undefined;
  #last: number | undefined;

  /** @param places how many places there are now */
  constructor(
    private readonly clock: Clock,
    private readonly places: () => number,
  ) {}

  /** Whether it is known yet how long a place is held. */
  get known(): boolean {
    return this.#heldMs !== undefined;
  }

  /** A place fell free that was held for so long, ms. */
  freed(heldMs: number): void {
    this.#heldMs = this.#heldMs === undefined ? heldMs : this.#heldMs + (heldMs - this.#heldMs) * WEIGHT;
    this.#last = this.clock.now();
  }

  /** From now on places are wanted: that none fell free before means nothing. */
  begin(): void {
    this.#last = this.clock.now();
  }

  /** When there is a place for somebody with `ahead` others before it, ms. */
  waitMs(ahead: number): number {
    const heldMs = this.#heldMs ?? FIRST_MS;
    const lasting = this.#last === undefined ? 0 : this.clock.now() - this.#last;
    // All stuck: how long that goes on nobody knows; as long again is the best guess.
    const stuckMs = lasting > heldMs ? lasting : 0;
    return Math.max(stuckMs, ((ahead + 1) * heldMs) / Math.max(1, this.places()));
  }

  /** The same for somebody who is turned away, within 1 to 30 s in ms. */
  retryAfterMs(ahead: number): number {
    return Math.min(MOST_WAIT_MS, Math.max(LEAST_WAIT_MS, this.waitMs(ahead)));
  }
}
