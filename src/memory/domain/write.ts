import { type Row } from './change.js';

/** Rows a write must know before it can decide. */
export interface Need {
  readonly table: string;
  /** Values of the columns that name the rows, in the order of an index. */
  readonly where: Row;
  /** The columns that are looked at, those of the key and of `where` among them. */
  readonly columns: readonly string[];
}

/** The rows that a group of writes is about: each write sees what those before it have changed. */
export interface RowView {
  /** The row with this key, as far as it was asked for; undefined when there is none. */
  find(table: string, key: Row): Row | undefined;
  /** The rows of a need that the write has named, in no order. */
  rows(need: Need): Row[];
  /** A number that was never given to a row before, above all that were. */
  number(): number;
  /** Puts a row, every column of it, in the place of the one with its key. */
  put(table: string, row: Row): void;
  /** Removes the row with this key, if there is one. */
  remove(table: string, key: Row): void;
}

/**
 * A write as data: what it must know, and how it decides. Many share one transaction, and what they change can be
 * written down apart from the database.
 */
export interface Write<T> {
  readonly needs: readonly Need[];
  /** Most numbers (`RowView.number`) it takes. */
  readonly numbers: number;
  /** A number that rows of elsewhere have: those that are given from now on are above it. */
  readonly above?: number;
  /** What it adds to the database, about, bytes. */
  readonly bytes: number;
  /** Changes rows of the view, at once. What it throws fails this write alone, and none of its changes is made. */
  decide(view: RowView): T;
}

/** How one write of a group ended. */
export type WriteOutcome = { readonly value: unknown } | { readonly error: unknown };
