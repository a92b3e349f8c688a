import { readdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readBackupName } from '../domain/backup-retention.js';
import { isForeign, type StoreTrace } from '../domain/store-identity.js';
import { storeFault } from '../domain/store-fault.js';
import { isMissing, syncDirectory } from './durable-files.js';
import { readSegmentName } from './redo-segment.js';
import { type StoreFiles } from './store-files.js';

type Places = Pick<StoreFiles, 'redo' | 'backups'>;

/** A segment or a backup, by its name alone. */
interface NamedPart {
  readonly path: string;
  readonly store: string | undefined;
  readonly enough: boolean;
}

const BAD = /\.bad$/;

/** The stores of which there are segments or backups, by their names: nothing is read. Throws StoreFault. */
export async function tracesOf(places: Places): Promise<StoreTrace[]> {
  const enough = new Map<string, boolean>();
  for (const part of await partsOf(places)) {
    if (part.store !== undefined) enough.set(part.store, part.enough || enough.get(part.store) === true);
  }
  return [...enough].map(([store, whole]) => ({ store, enough: whole }));
}

/** Renames what is of another store, so that it is never taken for a part of this one, and returns the names it had. Throws StoreFault. */
export async function setForeignAside(places: Places, store: string): Promise<string[]> {
  const foreign = (await partsOf(places)).filter((part) => isForeign(part.store, store));
  try {
    for (const { path } of foreign) await rename(path, `${path}.foreign`);
    for (const directory of foreign.length > 0 ? [places.redo, places.backups] : []) await syncIfThere(directory);
  } catch (error) {
    throw storeFault(error) ?? error;
  }
  return foreign.map(({ path }) => basename(path));
}

/** The newest first. */
async function partsOf({ redo, backups }: Places): Promise<NamedPart[]> {
  const segments = (await entriesOf(redo)).map((path) => {
    const name = readSegmentName(path);
    return name === undefined ? undefined : { path, store: name.store, enough: name.first === 1 };
  });
  const copies = (await entriesOf(backups)).map((path) => {
    const name = readBackupName(basename(path).replace(BAD, ''));
    return name === undefined ? undefined : { path, store: name.store, enough: !BAD.test(path) };
  });
  return [...segments, ...copies].filter((part) => part !== undefined);
}

async function entriesOf(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw storeFault(error) ?? error;
  });
  return names
    .sort()
    .reverse()
    .map((name) => join(directory, name));
}

async function syncIfThere(directory: string): Promise<void> {
  await syncDirectory(directory).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
}
