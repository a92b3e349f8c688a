/** What a `SwapList` holds: it keeps its own place, -1 while in no list. */
export interface Placed {
  place: number;
}

/**
 * A collection with constant-time adding and removing that leaves no garbage behind. A busy Set
 * does: it rehashes as it churns, and its old tables chain finished entries into the old generation.
 */
export class SwapList<T extends Placed> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** Adds an item that is in no list. */
  add(item: T): void {
    item.place = this.#items.length;
    this.#items.push(item);
  }

  /** Removes an item, if it is in the list; the last one takes its place. */
  remove(item: T): void {
    if (this.#items[item.place] !== item) return;
    const last = this.#items.pop() as T;
    if (last !== item) {
      this.#items[item.place] = last;
      last.place = item.place;
    }
    item.place = -1;
  }

  /** The items now, in no particular order; the list may change while they are looked at. */
  snapshot(): readonly T[] {
    return [...this.#items];
  }
}
