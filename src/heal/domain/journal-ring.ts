import { type EntryKind, type JournalEntry, type JournalPlace } from './journal-entry.js';

/** What came after a number: the entries, or `gap` when some of them are no longer here. */
export interface Since {
  readonly entries: readonly JournalEntry[];
  readonly gap: boolean;
}

/** Orders entries, oldest first. */
export function byPlace(a: JournalPlace, b: JournalPlace): number {
  return a.number - b.number || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** The latest entries of the journal, at most `limit`, in the order of their numbers. */
export class JournalRing {
  #entries: JournalEntry[] = [];
  /** Number of the last entry that has fallen out, or may have been left out. */
  #lost = 0;
  /** Whether earlier lives have been taken in: before that nothing is known of what they have written. */
  #joined = false;
  #last = 0;

  constructor(private readonly limit: number) {}

  /** Number of the latest entry, 0 without one. */
  get last(): number {
    return this.#last;
  }

  /** Adds an entry under the next number: `wall`, in ms, where that is above the last. */
  append(wall: number, entry: Omit<JournalEntry, 'number'>): JournalEntry {
    const numbered = { ...entry, number: Math.max(this.#last + 1, Math.floor(wall)) };
    this.#last = numbered.number;
    this.#entries.push(numbered);
    this.#trim();
    return numbered;
  }

  /**
   * Takes in what earlier lives have written; entries that are known already stay as they are. `whole` tells whether
   * that is all there is.
   */
  load(earlier: readonly JournalEntry[], whole = true): void {
    this.#joined = true;
    if (!whole) this.#lost = Math.max(this.#lost, Math.min(...earlier.map(({ number }) => number)));
    const known = new Set(this.#entries.map(({ id }) => id));
    this.#entries.push(...earlier.filter(({ id }) => !known.has(id)));
    this.#entries.sort(byPlace);
    this.#last = Math.max(this.#last, this.#entries.at(-1)?.number ?? 0);
    this.#trim();
  }

  /** Puts another body in the place of that of an entry; undefined when it is no longer here. */
  amend(id: string, change: (body: JournalEntry['body']) => JournalEntry['body']): JournalEntry | undefined {
    const index = this.#entries.findIndex((entry) => entry.id === id);
    const entry = this.#entries[index];
    if (entry === undefined) return undefined;
    return (this.#entries[index] = { ...entry, body: change(entry.body) });
  }

  /** What came after the entry with this number. */
  since(number: number): Since {
    const known = this.#joined || this.#lost > 0 ? this.#lost : (this.#entries[0]?.number ?? Infinity);
    return { entries: this.#entries.filter((entry) => entry.number > number), gap: number < known };
  }

  /** The latest entries of these kinds (all when there are none) before a place, newest first. */
  page(kinds: readonly EntryKind[], before: JournalPlace | undefined, limit: number): JournalEntry[] {
    const fits = (entry: JournalEntry): boolean =>
      (before === undefined || byPlace(entry, before) < 0) && (kinds.length === 0 || kinds.includes(entry.kind));
    return this.#entries.filter(fits).reverse().slice(0, limit);
  }

  /** The entry with this id, if it is here. */
  find(id: string): JournalEntry | undefined {
    return this.#entries.find((entry) => entry.id === id);
  }

  /** Number of the oldest entry that is here; undefined without one. */
  get first(): number | undefined {
    return this.#entries[0]?.number;
  }

  #trim(): void {
    for (const { number } of this.#entries.splice(0, Math.max(0, this.#entries.length - this.limit)))
      this.#lost = Math.max(this.#lost, number);
  }
}
