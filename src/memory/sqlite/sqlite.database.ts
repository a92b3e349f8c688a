import { basename } from 'node:path';
import { type EntityManager } from 'typeorm';
import { type Database, type ReadWork } from '../database.js';
import { StoreFault } from '../domain/store-fault.js';
import { type Write, type WriteOutcome } from '../domain/write.js';
import { StoreMark } from '../entities/store-mark.entity.js';
import { applyChanges, decideGroup } from '../group-transaction.js';
import { quickCheck, type SqliteOptions, transact } from './sqlite-connection.js';
import { SqliteConnections } from './sqlite-connections.js';

/** How far the file has come. */
type Mark = Pick<StoreMark, 'sequence' | 'revision'>;

/** The embedded database: one SQLite file, written through one connection and read through another. */
export class SqliteDatabase implements Database {
  readonly name: string;
  /** There is one connection that reads. */
  readonly readsAtOnce = 1;
  readonly #connections: SqliteConnections;
  #mark: Mark = { sequence: 0, revision: 0 };

  /** @param idle resolves when the work that now runs on the connections has ended */
  constructor(
    private readonly options: SqliteOptions,
    idle: () => Promise<unknown>,
  ) {
    this.name = basename(options.path);
    this.#connections = new SqliteConnections(options, idle);
  }

  get readable(): boolean {
    return this.#connections.reader !== undefined;
  }

  async open(): Promise<void> {
    await this.#connections.open();
    const mark = await this.#connections.writer?.manager.findOneBy(StoreMark, { id: 1 });
    if (mark === null || mark === undefined) throw new StoreFault('corrupt');
    this.#mark = mark;
  }

  async commit(take: () => readonly Write<unknown>[]): Promise<readonly WriteOutcome[]> {
    const { writer } = this.#connections;
    if (writer === undefined) throw new StoreFault('broken');
    return await transact(writer, (manager) => this.#change(manager, take()));
  }

  async read<T>(work: ReadWork<T>): Promise<T> {
    const { reader } = this.#connections;
    if (reader === undefined) throw new StoreFault('broken');
    return await work(reader.manager);
  }

  async check(): Promise<void> {
    await quickCheck(this.options);
  }

  async close(): Promise<void> {
    await this.#connections.close();
  }

  async #change(manager: EntityManager, writes: readonly Write<unknown>[]): Promise<readonly WriteOutcome[]> {
    const { sequence, revision } = this.#mark;
    const most = writes.reduce((sum, { numbers }) => sum + numbers, 0);
    const numbers = Array.from({ length: most }, (_, place) => revision + 1 + place);
    const { outcomes, changes } = await decideGroup(manager, writes, numbers);
    if (changes.length === 0) return outcomes;
    // What is rolled back leaves its numbers unused: none is ever given twice.
    const mark = { sequence: sequence + 1, revision: revision + most };
    this.#mark = mark;
    await applyChanges(manager, [...changes, { table: 'store_mark', put: { id: 1, ...mark } }]);
    return outcomes;
  }
}
