/** A store of which parts lie beside a database file, its redo journal or backups. */
export interface StoreTrace {
  readonly store: string;
  /** Whether it can be made anew from them: there is a backup, or the journal from the first group on. */
  readonly enough: boolean;
}

/** Id of a store, as it stands in names of files: 32 hexadecimal digits. */
export const STORE_ID = '[0-9a-f]{32}';

/**
 * Which store a directory is of. The file says it where it is at home there; where it is not, what lies beside it does,
 * provided that its store can be made anew: nothing is given up for half of another. Undefined where no one knows.
 */
export function ownStore(file: string | undefined, traces: readonly StoreTrace[]): string | undefined {
  if (file !== undefined && traces.some(({ store }) => store === file)) return file;
  const whole = traces.find(({ enough }) => enough);
  if (whole !== undefined) return whole.store;
  return file ?? traces[0]?.store;
}

/** Whether something with an id is of another store. What an older version left has none, and passes for its own. */
export function isForeign(id: string | undefined, store: string | undefined): boolean {
  return id !== undefined && store !== undefined && id !== store;
}
