import { isForeign } from './store-identity.js';

/** How far a database has come: the last group of writes in it, and the last number given to a row. */
export interface Mark {
  readonly sequence: number;
  readonly revision: number;
}

/** What a redo journal holds. */
export interface RedoReach {
  /** Sequence of the last record; 0 when there is none. */
  readonly last: number;
  /** The first sequence from which on every record up to the last is there; 0 when there is none. */
  readonly unbrokenFrom: number;
  /** Whether something behind the last record is not what was written: there may have been more. */
  readonly damagedEnd: boolean;
}

/**
 * What is at the path of a database: nothing, no bytes, a file of another kind, a damaged one, or one with its mark if it
 * has any; and the id of its store where that can be read.
 */
export type FoundFile = { readonly store?: string | undefined } & (
  | { readonly kind: 'missing' | 'empty' | 'not_a_database' | 'corrupt' }
  | { readonly kind: 'database'; readonly mark: Mark | undefined }
);

/**
 * Why a file cannot be gone on with. `replaced`: it is of another program. `foreign`: it is of another store of this kind.
 * `outdated`: it is from before the journal begins.
 */
export type RepairCause =
  'missing' | 'empty' | 'replaced' | 'foreign' | 'not_a_database' | 'corrupt' | 'outdated' | 'lost_while_open';

/** What a store has beside its file. */
export interface Surroundings {
  /** Its id; undefined where nothing has one yet. */
  readonly store: string | undefined;
  readonly reach: RedoReach;
  readonly hasBackups: boolean;
}

/** What to do with the file: use it, with what the journal has above its mark, repair it, or leave it to people. */
export type OpeningStep = { readonly step: 'use' | 'leave' } | { readonly step: 'repair'; readonly cause: RepairCause };

/** Groups of writes of which something acknowledged can be lost, first and last; null where nobody knows the last. */
export interface LostRange {
  readonly from: number;
  readonly to: number | null;
}

/**
 * Decides by what is there. A store with history, records or backups, is never begun anew because its file is
 * gone; a file that was never ours is never moved.
 */
export function openingStep(file: FoundFile, { store, reach, hasBackups }: Surroundings): OpeningStep {
  const history = reach.last > 0 || hasBackups;
  if (file.kind === 'corrupt') return { step: 'repair', cause: 'corrupt' };
  if (file.kind === 'database' && isForeign(file.store, store)) return { step: 'repair', cause: 'foreign' };
  if (!history) return { step: file.kind === 'not_a_database' ? 'leave' : 'use' };
  if (file.kind !== 'database') return { step: 'repair', cause: file.kind };
  if (file.mark === undefined) return { step: 'repair', cause: 'replaced' };
  const joins = file.mark.sequence >= reach.last || covers(reach, file.mark.sequence);
  return joins ? { step: 'use' } : { step: 'repair', cause: 'outdated' };
}

/** Whether a journal has every record above a sequence. */
export function covers({ last, unbrokenFrom }: RedoReach, sequence: number): boolean {
  return last > 0 && unbrokenFrom <= sequence + 1;
}

/**
 * What can be lost after the journal was done again on top of a base. `known` is how far the damaged file had
 * come, where that could still be read.
 */
export function lostRange(base: number, reach: RedoReach, known: number | undefined): LostRange | null {
  const gap = reach.last > base && !covers(reach, base);
  const end = Math.max(base, reach.last);
  const behind = known === undefined ? reach.damagedEnd || reach.last === 0 : known > end;
  if (!gap && !behind) return null;
  const from = gap ? base + 1 : end + 1;
  if (behind) return { from, to: known ?? null };
  return { from, to: reach.unbrokenFrom - 1 };
}
