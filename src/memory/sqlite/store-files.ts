import { rename, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { timeInName } from '../domain/backup-retention.js';
import { isMissing, removeIfThere, renameDurably, syncDirectory } from './durable-files.js';

/** Everything a store keeps on the disk, by the path of its database. */
export interface StoreFiles {
  readonly database: string;
  readonly redo: string;
  readonly backups: string;
  readonly lock: string;
  /** A database that is being put together, and one that is whole and only has to take its place. */
  readonly restoring: string;
  readonly restored: string;
}

/** What SQLite keeps beside a database; without them it is not what it was. */
const COMPANIONS = ['-wal', '-shm', '-journal'];

/** Names the files of a store. */
export function filesOf(path: string): StoreFiles {
  const database = resolve(path);
  const stem = database.replace(/\.db$/, '');
  return {
    database,
    redo: `${stem}-redo`,
    backups: `${stem}-backups`,
    lock: `${database}.lock`,
    restoring: `${database}.restoring`,
    restored: `${database}.restored`,
  };
}

/** Bytes of a file; undefined when there is none. Opens nothing, so that no lock of a connection is dropped. */
export async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Removes a database that was never finished. */
export async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ['', ...COMPANIONS]) await removeIfThere(path + suffix);
}

/** Renames whatever is at a database's path, with its companions, and returns the names it has now. `at` is wall-clock ms. */
export async function setAside(path: string, at: number): Promise<string[]> {
  let away = `${path}.damaged-${timeInName(at)}`;
  for (let n = 2; (await sizeOf(away)) !== undefined; n++) away = `${path}.damaged-${timeInName(at)}-${n}`;
  const names: string[] = [];
  for (const suffix of [...COMPANIONS, '']) {
    if ((await sizeOf(path + suffix)) === undefined) continue;
    await rename(path + suffix, away + suffix);
    names.push(basename(away + suffix));
  }
  await syncDirectory(dirname(path));
  return names;
}

/**
 * Puts a restored database in its place and sets aside what stood there; returns the names that has now. A log of
 * the old database must not meet the new one, so all of the old goes first; a crash in between is finished by the next start.
 */
export async function putInPlace({ database, restored }: StoreFiles, at: number): Promise<string[]> {
  const aside = await setAside(database, at);
  await renameDurably(restored, database);
  return aside;
}

/** Finishes, or drops, what a crash left of a repair. */
export async function finishRepair(files: StoreFiles, at: number): Promise<void> {
  await removeDatabase(files.restoring);
  if ((await sizeOf(files.restored)) === undefined) return;
  if ((await sizeOf(files.database)) === undefined) await putInPlace(files, at);
  else await removeDatabase(files.restored);
}
