import { type QueryRunner } from 'typeorm';
import { type Database, type DatabaseHost, type ReadWork } from '../database.js';
import { shownAddress } from '../domain/database-address.js';
import { StoreFault, storeFault } from '../domain/store-fault.js';
import { type Write, type WriteOutcome } from '../domain/write.js';
import { MemoryProbe } from '../entities/memory-probe.entity.js';
import { type PostgresOptions } from './data-source-options.js';
import { GroupCommit } from './group-commit.js';
import { PostgresConnections } from './postgres-connections.js';
import { bringUpToDate, requireUtf8 } from './schema.js';

/** A database on a PostgreSQL server, which other nodes may use at the same time. */
export class PostgresDatabase implements Database {
  readonly name: string;
  readonly readsAtOnce: number;
  readonly #connections: PostgresConnections;
  readonly #groups: GroupCommit;
  #readable = false;

  constructor(
    options: PostgresOptions,
    private readonly host: Pick<DatabaseHost, 'alarm'>,
  ) {
    this.name = shownAddress(options.address);
    this.readsAtOnce = options.readers;
    this.#connections = new PostgresConnections(options);
    this.#groups = new GroupCommit(this.#connections);
  }

  get readable(): boolean {
    return this.#readable;
  }

  async open(): Promise<void> {
    try {
      await this.#connections.connect();
      await this.#connections.run(requireUtf8);
      await this.#connections.run(bringUpToDate);
      await this.#connections.run(probe);
      this.#readable = true;
    } catch (error) {
      const fault = asFault(error);
      // A standby is read all the same; what does not answer is not asked again.
      this.#readable = fault.kind === 'standby' && (await this.#answersReads());
      throw fault;
    }
  }

  async commit(take: () => readonly Write<unknown>[]): Promise<readonly WriteOutcome[]> {
    return await this.#groups.commit(take);
  }

  async read<T>(work: ReadWork<T>): Promise<T> {
    try {
      return await this.#connections.run((runner) => work(runner.manager));
    } catch (error) {
      const fault = storeFault(error);
      if (fault?.kind === 'unreachable') {
        // Those that wait behind this one would each wait as long in vain.
        this.#readable = false;
        this.host.alarm(fault);
      }
      throw error;
    }
  }

  /** What is on the disk is for the server to verify; here, that it answers for the tables. */
  async check(): Promise<void> {
    await this.#connections
      .run((runner) => runner.query('SELECT count(*) FROM memory_probe'))
      .catch((error: unknown) => {
        throw asFault(error);
      });
  }

  async close(): Promise<void> {
    this.#readable = false;
    await this.#connections.close();
  }

  async #answersReads(): Promise<boolean> {
    const read = this.#connections.run((runner) => runner.manager.existsBy(MemoryProbe, { id: 1 }));
    return await read.then(
      () => true,
      () => false,
    );
  }
}

async function probe(runner: QueryRunner): Promise<void> {
  await runner.manager.upsert(MemoryProbe, { id: 1, token: 'opened' }, ['id']);
}

/** Opening runs only statements of ours: what fails there is the store. */
function asFault(error: unknown): StoreFault {
  return storeFault(error) ?? new StoreFault('broken', error);
}
