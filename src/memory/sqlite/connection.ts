import { type Database } from 'sqlite3';
import { StoreFault, storeFault } from '../domain/store-fault.js';
import { loadDriver } from './driver.js';

/** What a connection may do: read, write, or also make the file. */
export type ConnectionMode = 'read' | 'write' | 'create';

/** A connection for the upkeep of a file, beside those the store works with. Everything it throws is a StoreFault. */
export interface Connection {
  /** Runs one statement and returns its rows. */
  all<T = unknown>(sql: string, values?: readonly (string | number | null)[]): Promise<T[]>;
  /** Runs statements that return nothing. */
  run(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** The driver's OPEN_READONLY, OPEN_READWRITE and OPEN_CREATE, with OPEN_FULLMUTEX. */
const FLAGS: Record<ConnectionMode, number> = { read: 0x10001, write: 0x10002, create: 0x10006 };

/** How long a connection waits for a lock, ms, and what ends its work before it is done. */
export interface ConnectionPatience {
  readonly busyTimeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Opens a connection. */
export async function connect(
  path: string,
  mode: ConnectionMode,
  { busyTimeoutMs = 0, signal }: ConnectionPatience = {},
): Promise<Connection> {
  try {
    signal?.throwIfAborted();
    const driver = await loadDriver();
    const database = await new Promise<Database>((resolve, reject) => {
      const opening: Database = new driver.Database(path, FLAGS[mode], (error) => {
        if (error === null) resolve(opening);
        else reject(error);
      });
    });
    database.configure('busyTimeout', busyTimeoutMs);
    return connection(database, signal);
  } catch (error) {
    throw asFault(error);
  }
}

/** Opens a connection for one piece of work and closes it, however the work ends. */
export async function connected<T>(
  path: string,
  mode: ConnectionMode,
  work: (connection: Connection) => Promise<T>,
  patience?: ConnectionPatience,
): Promise<T> {
  const opened = await connect(path, mode, patience);
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

function connection(database: Database, signal: AbortSignal | undefined): Connection {
  const interrupt = (): void => {
    database.interrupt();
  };
  signal?.addEventListener('abort', interrupt);
  return {
    all: <T>(sql: string, values: readonly (string | number | null)[] = []) =>
      new Promise<T[]>((resolve, reject) => {
        if (signal?.aborted === true) reject(new StoreFault('broken'));
        else
          database.all<T>(sql, values, (error, rows) => {
            if (error === null) resolve(rows);
            else reject(asFault(error));
          });
      }),
    run: (sql) => settled((done) => database.exec(sql, done)),
    close: () =>
      settled((done) => {
        signal?.removeEventListener('abort', interrupt);
        database.close(done);
      }),
  };
}

function settled(start: (done: (error: Error | null) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => {
      if (error === null) resolve();
      else reject(asFault(error));
    });
  });
}

function asFault(error: unknown): StoreFault {
  return storeFault(error) ?? new StoreFault('broken', error);
}
