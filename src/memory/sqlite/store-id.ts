import { randomBytes } from 'node:crypto';
import { type DataSource } from 'typeorm';
import { StoreFault } from '../domain/store-fault.js';
import { checkpoint } from './sqlite-connection.js';

/** An id that no store has. */
export function newStoreId(): string {
  return randomBytes(16).toString('hex');
}

/** Which store an open database of this version is of. Throws StoreFault when it does not say. */
export async function readStoreId(source: DataSource): Promise<string> {
  const [found] = await source.query<{ id: string }[]>('SELECT id FROM store_identity');
  if (found === undefined) throw new StoreFault('corrupt');
  return found.id;
}

/** Makes an open database one of this store. It stands in the file itself, so that a lost log does not part it from its journal. */
export async function setStoreId(writer: DataSource, store: string): Promise<void> {
  if ((await readStoreId(writer)) === store) return;
  await writer.query('UPDATE store_identity SET id = ?', [store]);
  await checkpoint(writer);
}
