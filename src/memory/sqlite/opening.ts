import { openingStep, type FoundFile } from '../domain/repair-plan.js';
import { type RepairReport } from '../domain/repair-report.js';
import { StoreFault, storeFault } from '../domain/store-fault.js';
import { isForeign, ownStore } from '../domain/store-identity.js';
import { connected } from './connection.js';
import { repair, type RepairTools } from './repair.js';
import { checkThoroughly } from './row-check.js';
import { finishRepair, sizeOf } from './store-files.js';
import { setForeignAside, tracesOf } from './store-traces.js';
import { checkFile, markOf, storeIdOf } from './verified-file.js';

/** How closely a file is looked at before it is used: its mark only, every page, or every page and row. */
export type Closeness = 'mark' | 'pages' | 'rows';

/** What opening has come to. */
export interface Readied {
  /** The store the directory is of; undefined where nothing has an id yet. */
  readonly store: string | undefined;
  /** Names of segments and backups of other stores that were renamed. */
  readonly foreign: readonly string[];
  readonly report: RepairReport | undefined;
}

/**
 * Sees to it that there is a database to open: finishes what a crash left, tells what is of another store apart, opens
 * the journal, and repairs where it has to. Throws StoreFault.
 */
export async function makeReady(tools: RepairTools, closeness: Closeness): Promise<Readied> {
  const { files, clock } = tools;
  await finishRepair(files, clock.wall());
  const found = await inspect(files.database, closeness);
  const store = tools.store ?? ownStore(found.store, await tracesOf(files));
  try {
    return await readyAs(found, { ...tools, store });
  } catch (error) {
    // What is of another store is not read either.
    if (isForeign(found.store, store)) throw new StoreFault('foreign', error, storeFault(error)?.message);
    throw error;
  }
}

async function readyAs(found: FoundFile, tools: RepairTools): Promise<Readied> {
  const { files, journal, backups, store } = tools;
  const foreign = store === undefined ? [] : await setForeignAside(files, store);
  if (store !== undefined) await journal.belongTo(store);
  const reach = await journal.open();
  const hasBackups = (await backups.list()).length > 0 || (await backups.bad()).length > 0;
  const step = openingStep(found, { store, reach, hasBackups });
  if (step.step === 'leave') throw new StoreFault('not_a_database');
  return { store, foreign, report: step.step === 'repair' ? await repair(step.cause, tools) : undefined };
}

/**
 * Takes back what a crash cut off. A database that was just made or put together is not yet one with a write-ahead log, and
 * becomes it by a change that has a rollback journal; a connection that only reads cannot take that back, nor read past it.
 */
async function rollBack(path: string): Promise<void> {
  if (((await sizeOf(`${path}-journal`)) ?? 0) === 0) return;
  await connected(path, 'write', (connection) => connection.all('SELECT count(*) FROM sqlite_schema'));
}

async function inspect(path: string, closeness: Closeness): Promise<FoundFile> {
  const size = await sizeOf(path);
  if (size === undefined) return { kind: 'missing' };
  if (size === 0) return { kind: 'empty' };
  try {
    await rollBack(path);
    if (closeness === 'rows') await checkThoroughly(path);
    const mark = closeness === 'pages' ? await checkFile(path) : await markOf(path);
    return { kind: 'database', mark, store: await storeIdOf(path) };
  } catch (error) {
    const kind = error instanceof StoreFault ? error.kind : undefined;
    if (kind !== 'corrupt' && kind !== 'not_a_database') throw error;
    return { kind, store: await storeIdOf(path).catch(() => undefined) };
  }
}
