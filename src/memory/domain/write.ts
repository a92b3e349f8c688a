import { type Row } from './change.js';
import { type WriteView } from './write-view.js';

/** Rows a write must know before it can decide. */
export interface Need {
  readonly table: string;
  /** Values of the columns that name the rows, in the order of an index. */
  readonly where: Row;
  /** The columns that are looked at, those of the key and of `where` among them. */
  readonly columns: readonly string[];
}

/**
 * A write as data: what it must know, and how it decides. Many share one transaction, and what they change can be
 * written down apart from the database.
 */
export interface Write<T> {
  readonly needs: readonly Need[];
  /** Most numbers (`WriteView.number`) it takes. */
  readonly numbers: number;
  /** What it adds to the database, about, bytes. */
  readonly bytes: number;
  /** Changes rows of the view, at once. What it throws fails this write alone, and none of its changes is made. */
  decide(view: WriteView): T;
}

/** How one write of a group ended. */
export type WriteOutcome = { readonly value: unknown } | { readonly error: unknown };
