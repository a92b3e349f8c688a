import { type Clock } from '../../kernel/clock.js';

interface Kept<T> {
  readonly value: T;
  readonly owner: string;
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

/** How a thing is put on a shelf. */
export interface ShelfPlace {
  /** Whose it is: nobody else finds it. Nobody in particular unless named. */
  readonly owner?: string;
  readonly weight?: number;
  readonly keepMs?: number;
  readonly evict?: boolean;
}

/** A bounded store of named things that have owners and expire; the oldest makes room when it is asked to. */
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
  put(id: string, value: T, place: ShelfPlace = {}): boolean {
    const { owner = '', weight = 0, keepMs = this.#limits.keepMs, evict = false } = place;
    this.delete(id, owner);
    this.#sweep();
    if (weight > this.#limits.weight) return false;
    while (this.#items.size >= this.#limits.items || this.#weight + weight > this.#limits.weight) {
      const oldest = this.#items.keys().next().value;
      if (!evict || oldest === undefined) return false;
      this.#drop(oldest);
    }
    this.#items.set(labelOf(id, owner), { value, owner, weight, expires: this.#clock.now() + keepMs });
    this.#weight += weight;
    return true;
  }

  /** The owner's thing of that name, unless it has expired. */
  get(id: string, owner = ''): T | undefined {
    const kept = this.#items.get(labelOf(id, owner));
    if (kept === undefined || kept.expires > this.#clock.now()) return kept?.value;
    this.delete(id, owner);
    return undefined;
  }

  /** Whether the owner had such a thing to throw away. */
  delete(id: string, owner = ''): boolean {
    return this.#drop(labelOf(id, owner));
  }

  /** Everything of an owner that has not expired, oldest first. */
  all(owner = ''): readonly T[] {
    this.#sweep();
    return [...this.#items.values()].filter((kept) => kept.owner === owner).map((kept) => kept.value);
  }

  #drop(label: string): boolean {
    this.#weight -= this.#items.get(label)?.weight ?? 0;
    return this.#items.delete(label);
  }

  #sweep(): void {
    const now = this.#clock.now();
    for (const [label, kept] of this.#items) if (kept.expires <= now) this.#drop(label);
  }
}

/** Two owners may use one name. */
function labelOf(id: string, owner: string): string {
  return `${owner}\n${id}`;
}
