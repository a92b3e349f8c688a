import { type Contribution, extensionPoint } from '../platform/extension-point.js';
import { type EntryKind, type JournalEntry, type JournalPlace } from './domain/journal-entry.js';

/** Where in the journal a page lies, newest first. */
export interface JournalQuery {
  /** Kinds that are looked for; all when it is empty. */
  readonly kinds: readonly EntryKind[];
  /** Only entries that stand before this one. */
  readonly before?: JournalPlace | undefined;
  /** Most entries, 1..1001: a page, and whether there is another. */
  readonly limit: number;
}

/** A place that keeps the journal for later lives of the node. Its methods reject while it cannot be used. */
export interface JournalKeeper extends Contribution {
  /** Stores entries over those of the same id; resolves when they are durable. */
  keep(entries: readonly JournalEntry[]): Promise<void>;
  /** Entries of a page, newest first. */
  read(query: JournalQuery): Promise<JournalEntry[]>;
  /** The entry with this id; undefined when it keeps none. */
  find(id: string): Promise<JournalEntry | undefined>;
}

/** Extension point: mark a `JournalKeeper` with `@journalKeepers.contribute()` and list it in its module's providers. */
export const journalKeepers = extensionPoint<JournalKeeper>('journal keeper');
