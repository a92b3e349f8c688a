import { basename } from 'node:path';
import { type EntityManager } from 'typeorm';
import { type CopyFigures, type Database, type ReadWork } from '../database.js';
import { type Mark } from '../domain/repair-plan.js';
import { StoreFault, storeFault } from '../domain/store-fault.js';
import { type Write, type WriteOutcome } from '../domain/write.js';
import { applyChanges, decideGroup } from '../group-transaction.js';
import { type FilesFate } from './file-guard.js';
import { checkThoroughly } from './row-check.js';
import { Safekeeping, type SqliteParts } from './safekeeping.js';
import { transact } from './sqlite-connection.js';
import { SqliteConnections } from './sqlite-connections.js';
import { sizeOf } from './store-files.js';
import { checkFile } from './verified-file.js';

/** A group of writes on its way: the mark it moves to, and what became of the files meanwhile. */
interface Passage {
  mark?: Mark;
  recorded?: boolean;
  fate?: Promise<FilesFate>;
}

/**
 * The embedded database: one SQLite file, written through one connection and read through another. Each group of
 * writes is on the disk twice before it is acknowledged: in the file, and in the redo journal beside it.
 */
export class SqliteDatabase implements Database {
  readonly name: string;
  /** There is one connection that reads. */
  readonly readsAtOnce = 1;
  readonly #connections: SqliteConnections;
  readonly #keeping: Safekeeping;
  #mark: Mark = { sequence: 0, revision: 0 };
  /** The group that is under way; never rejects. */
  #committing: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: SqliteParts) {
    this.name = basename(parts.file.path);
    this.#connections = new SqliteConnections(parts.file, () => parts.host.idle());
    this.#keeping = new Safekeeping(parts, () => this.#mark);
  }

  get readable(): boolean {
    return this.#connections.reader !== undefined;
  }

  get copies(): CopyFigures {
    return { redoBytes: this.#keeping.journal.bytes, backedUpAt: this.#keeping.backedUpAt };
  }

  async open(): Promise<void> {
    try {
      // What is being added to the journal is not to be read as something that was never finished.
      await this.#committing;
      const store = await this.#keeping.prepare(this.#connections);
      await this.#connections.open();
      const { writer } = this.#connections;
      if (writer === undefined) throw new StoreFault('broken');
      this.#mark = await this.#keeping.catchUp(writer, store);
      await this.#keeping.begin();
    } catch (error) {
      const fault = storeFault(error) ?? new StoreFault('broken', error);
      // What another node has is not read: it may be renamed under us. Nor is what is of another store.
      if (fault.kind === 'held' || fault.kind === 'foreign') await this.#connections.drop();
      else await this.#connections.openToRead();
      throw fault;
    }
  }

  commit(take: () => readonly Write<unknown>[]): Promise<readonly WriteOutcome[]> {
    const outcomes = this.#commit(take);
    this.#committing = outcomes.catch(() => undefined);
    return outcomes;
  }

  async #commit(take: () => readonly Write<unknown>[]): Promise<readonly WriteOutcome[]> {
    const { writer } = this.#connections;
    if (writer === undefined) throw new StoreFault('broken');
    const passage: Passage = {};
    let outcomes: readonly WriteOutcome[];
    try {
      outcomes = await transact(writer, (manager) => this.#change(manager, take(), passage));
    } catch (error) {
      this.#keeping.note(error);
      if (passage.recorded === true) await this.#keeping.journal.withdraw();
      throw error;
    }
    if (passage.mark !== undefined) this.#mark = { ...this.#mark, sequence: passage.mark.sequence };
    // Acknowledged only if the names still lead to the files it went to.
    if ((await passage.fate) !== 'same' && passage.fate !== undefined) throw new StoreFault('lost');
    return outcomes;
  }

  async read<T>(work: ReadWork<T>): Promise<T> {
    const { reader } = this.#connections;
    if (reader === undefined) throw new StoreFault('broken');
    try {
      return await work(reader.manager);
    } catch (error) {
      this.#keeping.found(error);
      throw error;
    }
  }

  async check(): Promise<void> {
    const { database } = this.#keeping.files;
    if ((await this.#keeping.guard.look()) !== 'same') throw new StoreFault('lost');
    const small = ((await sizeOf(database)) ?? 0) <= this.parts.durability.checkAtStartBytes;
    try {
      await (small ? checkThoroughly(database) : checkFile(database));
    } catch (error) {
      this.#keeping.note(error);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#keeping.pause();
    try {
      await this.#connections.close();
    } finally {
      await this.#keeping.end();
    }
  }

  async #change(
    manager: EntityManager,
    writes: readonly Write<unknown>[],
    passage: Passage,
  ): Promise<readonly WriteOutcome[]> {
    const { sequence } = this.#mark;
    const revision = Math.max(this.#mark.revision, ...writes.map(({ above = 0 }) => above));
    const most = writes.reduce((sum, { numbers }) => sum + numbers, 0);
    const numbers = Array.from({ length: most }, (_, place) => revision + 1 + place);
    const { outcomes, changes } = await decideGroup(manager, writes, numbers);
    if (changes.length === 0) return outcomes;
    const mark = { sequence: sequence + 1, revision: revision + most };
    // What is rolled back leaves its numbers unused: none is ever given twice. Groups are numbered without a gap.
    this.#mark = { sequence, revision: mark.revision };
    await applyChanges(manager, [...changes, { table: 'store_mark', put: { id: 1, ...mark } }]);
    await this.#keeping.journal.append({ ...mark, at: this.parts.clock.wall(), changes });
    passage.recorded = true;
    passage.mark = mark;
    passage.fate = this.#keeping.guard.look();
    passage.fate.catch(() => undefined);
    return outcomes;
  }
}
