import { type Clock } from '../../../kernel/clock.js';
import { AdaptiveLimit, type AdaptiveLimitOptions, type Place } from './adaptive-limit.js';
import { Pace } from './pace.js';
import { type Priority, PriorityQueue, type ShedReason, type Waiter } from './priority-queue.js';

/** Size of a bulkhead. */
export interface BulkheadOptions {
  readonly limit: AdaptiveLimitOptions;
  /** Most that may wait for a place. */
  readonly queue: number;
}

/** Who waits for a place, and what to do with it. */
export interface Candidate {
  readonly priority: Priority;
  /** When waiting is of no more use, monotonic ms. */
  readonly deadline: number;
  /** A place is there: it must be left. */
  go(place: Place): void;
  /** Turned away; a call in `retryAfterMs` may find room. */
  shed(why: ShedReason, retryAfterMs: number): void;
}

/**
 * A compartment with places and a queue of its own, so that what fills it does not fill the others (M. Nygard, "Release
 * It!", 2007). How many places there are adapts to what the upstream carries.
 */
export class Bulkhead {
  readonly #limit: AdaptiveLimit;
  readonly #queue: PriorityQueue;

  constructor(clock: Clock, options: BulkheadOptions) {
    const pace = new Pace(clock, () => this.limit);
    this.#queue = new PriorityQueue(clock, options.queue, pace);
    this.#limit = new AdaptiveLimit(clock, options.limit, (heldMs) => {
      if (heldMs !== undefined) pace.freed(heldMs);
      this.#serve();
    });
  }

  /** Places there are. */
  get limit(): number {
    return this.#limit.limit;
  }

  /** Places taken. */
  get inFlight(): number {
    return this.#limit.inFlight;
  }

  /** How many wait for a place. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Takes a place at once; undefined when there is none, or when others wait for one. */
  enter(): Place | undefined {
    return this.#queue.size > 0 ? undefined : this.#limit.enter();
  }

  /** Whether `enter` would give a place. */
  get hasRoom(): boolean {
    return this.#queue.size === 0 && this.#limit.inFlight < this.#limit.limit;
  }

  /** Waits for a place: calls back once, perhaps at once. The result gives the waiting up, without a word. */
  wait(candidate: Candidate): () => void {
    const { priority, deadline } = candidate;
    const waiter: Waiter = {
      priority,
      deadline,
      go: () => {
        candidate.go(this.#limit.enter() as Place);
      },
      shed: (why) => {
        candidate.shed(why, this.#queue.retryAfterMs);
      },
    };
    if (this.#queue.add(waiter)) this.#serve();
    return () => {
      this.#queue.cancel(waiter);
    };
  }

  /** Turns away those whose deadline has passed. To be called now and then while somebody waits. */
  expire(): void {
    this.#queue.expire();
  }

  /** Halves its places, down to the floor. */
  shrink(): void {
    this.#limit.shrink();
  }

  #serve(): void {
    while (this.#queue.size > 0 && this.#limit.inFlight < this.#limit.limit && this.#queue.next());
  }
}
