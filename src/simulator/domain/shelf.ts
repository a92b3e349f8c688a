import { type Clock } from '../../kernel/clock.js';

interface Kept<T> {
  readonly value: T;
  readonly expires: number;
  readonly weight: number;
}

/** How much a shelf holds and how long. */
export interface ShelfLimits {
  readonly items: number;
  /** Sum of the weights (bytes, mostly) of all items. */
  readonly weight: number;
  /** How long an item is kept unless told otherwise, in milliseconds. */
  readonly keepMs: number;
}

/** A bounded store of named things that expire; the oldest makes room when it is asked to. */
export class Shelf<T> {
  readonly #clock: Clock;
  readonly #limits: ShelfLimits;
  readonly #items = new Map<string, Kept<T>>();
  #weight = 0;

  constructor(clock: Clock, limits: ShelfLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Keeps a thing; false when there is no room and the oldest is not to make it. */
  put(id: string, value: T, options: { weight?: number; keepMs?: number; evict?: boolean } = {}): boolean {
    this.delete(id);
    this.#sweep();
    const { weight = 0, keepMs = this.#limits.keepMs, evict = false } = options;
    if (weight > this.#limits.weight) return false;
    while (this.#items.size >= this.#limits.items || this.#weight + weight > this.#limits.weight) {
      const oldest = this.#items.keys().next().value;
      if (!evict || oldest === undefined) return false;
      this.delete(oldest);
    }
    this.#items.set(id, { value, weight, expires: this.#clock.now() + keepMs });
    this.#weight += weight;
    return true;
  }

  /** The thing of that name, unless it has expired. */
  get(id: string): T | undefined {
    const kept = this.#items.get(id);
    if (kept === undefined || kept.expires > this.#clock.now()) return kept?.value;
    this.delete(id);
    return undefined;
  }

  /** Whether there was such a thing to throw away. */
  delete(id: string): boolean {
    this.#weight -= this.#items.get(id)?.weight ?? 0;
    return this.#items.delete(id);
  }

  /** Everything that has not expired, oldest first. */
  all(): readonly T[] {
    this.#sweep();
    return [...this.#items.values()].map((kept) => kept.value);
  }

  #sweep(): void {
    const now = this.#clock.now();
    for (const [id, kept] of this.#items) if (kept.expires <= now) this.delete(id);
  }
}
