import { type DataSource } from 'typeorm';
import { type Mark } from '../domain/repair-plan.js';
import { StoreFault } from '../domain/store-fault.js';
import { connected, type Connection } from './connection.js';

/** The mark of a database; undefined when it is one that has none, of another kind or of an older version. Throws StoreFault. */
export async function readMark(connection: Connection): Promise<Mark | undefined> {
  const tables = await connection.all("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'store_mark'");
  if (tables.length === 0) return undefined;
  const [mark] = await connection.all<Mark>('SELECT sequence, revision FROM store_mark WHERE id = 1');
  return mark;
}

/** The mark of a database file, which may be in use; see `readMark`. */
export function markOf(path: string): Promise<Mark | undefined> {
  return connected(path, 'read', readMark);
}

/** Which store a database file is of; undefined when it is of a version that did not say. Throws StoreFault. */
export function storeIdOf(path: string): Promise<string | undefined> {
  return connected(path, 'read', async (connection) => {
    const tables = await connection.all("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'store_identity'");
    if (tables.length === 0) return undefined;
    const [found] = await connection.all<{ id: string }>('SELECT id FROM store_identity');
    return found?.id;
  });
}

/** The mark of a database of this version that is open. Throws StoreFault when it has none. */
export async function readMarkOf(source: DataSource): Promise<Mark> {
  const [mark] = await source.query<Mark[]>('SELECT sequence, revision FROM store_mark WHERE id = 1');
  if (mark === undefined) throw new StoreFault('corrupt');
  return mark;
}

/** Opens a database apart, reads every page of it, and returns its mark as `readMark` does. Throws StoreFault when it is not whole. */
export function checkFile(path: string, signal?: AbortSignal): Promise<Mark | undefined> {
  const work = async (connection: Connection): Promise<Mark | undefined> => {
    const [found] = await connection.all<{ quick_check: string }>('PRAGMA quick_check(1)');
    if (found?.quick_check !== 'ok') throw new StoreFault('corrupt');
    return await readMark(connection);
  };
  return connected(path, 'read', work, { signal });
}

/** As `checkFile`, of a file that must have a mark. */
export async function verifyFile(path: string, signal?: AbortSignal): Promise<Mark> {
  const mark = await checkFile(path, signal);
  if (mark === undefined) throw new StoreFault('corrupt');
  return mark;
}
