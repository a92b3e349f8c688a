import { fate, type FileFate, identify, type FileIdentity } from './file-identity.js';
import { type RedoJournal } from './redo-journal.js';

/**
 * What has become of the files of an open store. `lost`: the database's name leads to nothing or to another file, while
 * the one that is open still holds everything. `suspect`: one of them was cut, or what belongs beside it is gone.
 */
export type FilesFate = 'same' | 'lost' | 'suspect';

/** Sees when files that are open were removed, replaced or cut: SQLite goes on acknowledging writes into them. */
export class FileGuard {
  #database: FileIdentity | undefined;
  #log: FileIdentity | undefined;
  #shrinking = 0;

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
    if (this.#database === undefined) return 'same';
    const names = [identify(this.path), identify(`${this.path}-wal`)];
    const [[database, log], journal] = await Promise.all([Promise.all(names), this.journal.fate()]);
    const found = this.#fateOfDatabase(database);
    if (found === 'missing' || found === 'replaced') return 'lost';
    // The log is emptied from time to time: only which file it is counts.
    const sameLog = this.#log === undefined || fate({ ...this.#log, size: 0 }, log) === 'same';
    return found === 'shrunk' || journal !== 'same' || !sameLog ? 'suspect' : 'same';
  }

  /** Runs work of ours that may make the database file smaller. */
  async whileShrinking<T>(work: () => Promise<T>): Promise<T> {
    this.#shrinking++;
    try {
      return await work();
    } finally {
      const now = await identify(this.path);
      if (this.#database !== undefined && now !== undefined) this.#database = { ...this.#database, size: now.size };
      this.#shrinking--;
    }
  }

  #fateOfDatabase(now: FileIdentity | undefined): FileFate {
    if (this.#database === undefined) return 'same';
    const found = fate(this.#shrinking > 0 ? { ...this.#database, size: 0 } : this.#database, now);
    if (found === 'same' && now !== undefined && this.#shrinking === 0) this.#database = now;
    return found;
  }
}
