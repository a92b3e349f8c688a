import { type Clock } from './clock.js';

interface Slot<K extends string> {
  index: number;
  counts: Partial<Record<K, number>>;
}

/**
 * Counts named events over a sliding span of time, in slots: memory is bounded by the
 * number of slots, whatever happens in them. Reading is accurate to one slot.
 */
export class TimeWindow<K extends string> {
  readonly #slots: Slot<K>[];
  readonly #slotMs: number;

  /** @param spanMs length of the window; `slots` is how finely it is divided */
  constructor(
    private readonly clock: Clock,
    spanMs: number,
    slots = 30,
  ) {
    this.#slotMs = spanMs / slots;
    this.#slots = Array.from({ length: slots }, () => ({ index: -1, counts: {} }));
  }

  /** Counts one event now. */
  add(name: K): void {
    const index = Math.floor(this.clock.now() / this.#slotMs);
    const slot = this.#slots[index % this.#slots.length] as Slot<K>;
    if (slot.index !== index) {
      slot.index = index;
      slot.counts = {};
    }
    slot.counts[name] = (slot.counts[name] ?? 0) + 1;
  }

  /** Events of a name within the span. */
  count(name: K): number {
    const oldest = Math.floor(this.clock.now() / this.#slotMs) - this.#slots.length + 1;
    let sum = 0;
    for (const { index, counts } of this.#slots) if (index >= oldest) sum += counts[name] ?? 0;
    return sum;
  }
}
