import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DataSource, type EntityManager } from 'typeorm';
import { type ReadWork } from '../database.js';
import { StoreFault, storeFault } from '../domain/store-fault.js';
import { ENTITIES } from '../entities/entities.js';
import { MemoryProbe } from '../entities/memory-probe.entity.js';
import { MIGRATIONS } from '../migrations/migrations.js';
import { makeDirectory } from './durable-files.js';
import { loadDriver } from './driver.js';
import { sizeOf } from './store-files.js';

/** Where the file is and how long to wait for its lock, ms. */
export interface SqliteOptions {
  readonly path: string;
  readonly busyTimeoutMs: number;
}

/** The driver's OPEN_READONLY. */
const OPEN_READONLY = 0x1;
/** The driver's OPEN_URI: the path is an address with parameters. */
const OPEN_URI = 0x40;

/**
 * Opens the one connection that writes, brings the schema up to date and proves by a write that it can.
 * Makes file and directory when they are not there; a file that is no database is left alone. Throws StoreFault.
 */
export async function openWriter(options: SqliteOptions): Promise<DataSource> {
  return await connected(options, undefined, async (source) => {
    // Of a file that is made here: what is no longer used can be given back in small steps.
    await source.query('PRAGMA auto_vacuum = INCREMENTAL');
    const [mode] = await source.query<{ journal_mode: string }[]>('PRAGMA journal_mode = WAL');
    if (mode?.journal_mode !== 'wal') throw new StoreFault('no_wal');
    // A commit is on the disk before it is acknowledged, also when the power goes.
    await source.query('PRAGMA synchronous = FULL');
    // The log is moved into the file beside the writes; else one of them would have to, and wait for it.
    await source.query('PRAGMA wal_autocheckpoint = 0');
    await source.runMigrations({ transaction: 'all' });
    await transact(source, (manager) => probe(manager, 'opened'));
    // After an error of the disk the log may hold pages that never reached it, and all that follows a hole in
    // it would be lost with the power: moved into the file, the log begins anew.
    await checkpoint(source);
  });
}

/**
 * Opens a connection that only reads. Reads have a connection of their own because whatever runs on the
 * writer's joins the transaction that is open there, and would show what may yet be rolled back; with the
 * write-ahead log it does not wait for the writer either. Throws StoreFault.
 */
export async function openReader(options: SqliteOptions): Promise<DataSource> {
  return await connected(options, OPEN_READONLY, (source) => source.manager.existsBy(MemoryProbe, { id: 1 }));
}

/**
 * Opens a file for reading on a disk where nothing can be made, not even the index of the write-ahead log. It is taken to
 * stand still: the connection must be closed before anything writes. Throws StoreFault, also where a log holds what
 * the file lacks, or what takes back what it has too much.
 */
export async function openStill({ path, busyTimeoutMs }: SqliteOptions): Promise<DataSource> {
  for (const log of ['-wal', '-journal']) {
    if (((await sizeOf(path + log)) ?? 0) > 0) throw new StoreFault('readonly');
  }
  const address = `${pathToFileURL(resolve(path)).href}?immutable=1`;
  const flags = OPEN_READONLY | OPEN_URI;
  return await connected({ path: address, busyTimeoutMs }, flags, (source) =>
    source.manager.existsBy(MemoryProbe, { id: 1 }),
  );
}

/**
 * Runs work in a transaction and resolves when it is durable. IMMEDIATE takes the lock at once, where
 * SQLite waits for it; a transaction that begins by reading could not get it later.
 */
export async function transact<T>(writer: DataSource, work: ReadWork<T>): Promise<T> {
  const runner = writer.createQueryRunner();
  await runner.query('BEGIN IMMEDIATE');
  try {
    const result = await work(runner.manager);
    await runner.query('COMMIT');
    return result;
  } catch (error) {
    // SQLite rolls back by itself after some failures; then there is nothing left to do here.
    await runner.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Writes the probe row; part of a transaction. */
async function probe(manager: EntityManager, token: string): Promise<void> {
  await manager.upsert(MemoryProbe, { id: 1, token }, ['id']);
}

/** Empties the write-ahead log into the file, so that the file alone holds everything. */
export async function checkpoint(writer: DataSource): Promise<void> {
  await writer.query('PRAGMA wal_checkpoint(TRUNCATE)');
}

async function connected(
  { path, busyTimeoutMs }: SqliteOptions,
  flags: number | undefined,
  prepare: (source: DataSource) => Promise<unknown>,
): Promise<DataSource> {
  let source: DataSource | undefined;
  try {
    if (flags === undefined) await makeDirectory(dirname(resolve(path)));
    source = new DataSource({
      type: 'sqlite',
      driver: await loadDriver(),
      database: path,
      busyTimeout: busyTimeoutMs,
      entities: ENTITIES,
      migrations: MIGRATIONS,
      migrationsTableName: 'l104_migration',
      synchronize: false,
      logging: false,
      ...(flags === undefined ? {} : { flags }),
    });
    await source.initialize();
    // The driver skips a timeout of 0 and keeps its own second.
    await source.query(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    await prepare(source);
    return source;
  } catch (error) {
    if (source?.isInitialized === true) await source.destroy().catch(() => undefined);
    throw asFault(error);
  }
}

/** Opening runs only statements of ours: what fails there is the store. */
function asFault(error: unknown): StoreFault {
  return storeFault(error) ?? new StoreFault('broken', error);
}
