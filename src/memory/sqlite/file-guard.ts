import { fate, type FileFate, identify, type FileIdentity } from './file-identity.js';
import { type RedoJournal } from './redo-journal.js';

/**
 * What has become of the files of an open store. `lost`: the database's name leads to nothing or to another file, while
 * the one that is open still holds everything. `suspect`: it was cut, or its log is gone. `bare`: only the journal is.
 */
export type FilesFate = 'same' | 'lost' | 'suspect' | 'bare';

/** Sees when files that are open were removed, replaced or cut: SQLite goes on acknowledging writes into them. */
export class FileGuard {
  #database: FileIdentity | undefined;
  #log: FileIdentity | undefined;
  /** How often the file was made smaller so far; -1 while it is. */
  #shrinks = 0;
  #count = 0;

  constructor(
    private readonly path: string,
    private readonly journal: RedoJournal,
  ) {}

  /** Notes which files are open now. */
  async begin(): Promise<void> {
    [this.#database, this.#log] = await Promise.all([identify(this.path), identify(`${this.path}-wal`)]);
  }

  /** Looks at the names once; three calls to the system's cache. */
  async look(): Promise<FilesFate> {
    const shrinks = this.#shrinks;
    const names = [identify(this.path), identify(`${this.path}-wal`)];
    const [[database, log], journal] = await Promise.all([Promise.all(names), this.journal.fate()]);
    const found = this.#fateOfDatabase(database, shrinks === this.#shrinks);
    if (found === 'missing' || found === 'replaced') return 'lost';
    // The log is emptied from time to time: only which file it is counts.
    const sameLog = this.#log === undefined || fate({ ...this.#log, size: 0 }, log) === 'same';
    if (found === 'shrunk' || !sameLog) return 'suspect';
    return journal === 'same' ? 'same' : 'bare';
  }

  /** Runs work of ours that may make the database file smaller; one at a time. */
  async whileShrinking<T>(work: () => Promise<T>): Promise<T> {
    this.#shrinks = -1;
    const count = ++this.#count;
    try {
      return await work();
    } finally {
      const now = await identify(this.path);
      if (this.#database !== undefined && now !== undefined) this.#database = { ...this.#database, size: now.size };
      this.#shrinks = count;
    }
  }

  /** @param steady whether the file may not have become smaller by our own doing while it was looked at */
  #fateOfDatabase(now: FileIdentity | undefined, steady: boolean): FileFate {
    if (this.#database === undefined) return 'same';
    const sized = steady && this.#shrinks >= 0;
    const found = fate(sized ? this.#database : { ...this.#database, size: 0 }, now);
    if (sized && found === 'same' && now !== undefined) this.#database = now;
    return found;
  }
}
