import { type EntryKind, type JournalEntry } from './journal-entry.js';

/** What came after a number: the entries, or `gap` when some of them are no longer here. */
export interface Since {
  readonly entries: readonly JournalEntry[];
  readonly gap: boolean;
}

/** The latest entries of the journal, at most `limit`, in the order of their numbers. */
export class JournalRing {
  #entries: JournalEntry[] = [];
  /** Number of the last entry that has fallen out. */
  #lost = 0;
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

  /** Takes in what earlier lives have written; entries that are known already stay as they are. */
  load(earlier: readonly JournalEntry[]): void {
    const known = new Set(this.#entries.map(({ id }) => id));
    this.#entries.push(...earlier.filter(({ id }) => !known.has(id)));
    this.#entries.sort((a, b) => a.number - b.number);
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
    return { entries: this.#entries.filter((entry) => entry.number > number), gap: number < this.#lost };
  }

  /** The latest entries of these kinds (all when there are none) below a number, newest first. */
  page(kinds: readonly EntryKind[], before: number, limit: number): JournalEntry[] {
    const fits = ({ kind, number }: JournalEntry): boolean =>
      number < before && (kinds.length === 0 || kinds.includes(kind));
    return this.#entries.filter(fits).reverse().slice(0, limit);
  }

  #trim(): void {
    for (const { number } of this.#entries.splice(0, Math.max(0, this.#entries.length - this.limit)))
      this.#lost = Math.max(this.#lost, number);
  }
}
