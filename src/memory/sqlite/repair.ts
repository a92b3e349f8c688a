import { copyFile } from 'node:fs/promises';
import { type DataSource } from 'typeorm';
import { type Clock } from '../../kernel/clock.js';
import { covers, type LostRange, lostRange, type Mark, type RepairCause } from '../domain/repair-plan.js';
import { type RepairReport } from '../domain/repair-report.js';
import { isForeign } from '../domain/store-identity.js';
import { applyChanges } from '../group-transaction.js';
import { type Backups, type GoodBackup } from './backups.js';
import { connected } from './connection.js';
import { renameDurably, syncFile } from './durable-files.js';
import { redo } from './redo.js';
import { type RedoJournal } from './redo-journal.js';
import { removeDamagedRows } from './row-check.js';
import { recountConversations, salvage } from './salvage.js';
import { openWriter, transact } from './sqlite-connection.js';
import { putInPlace, removeDatabase, type StoreFiles } from './store-files.js';
import { setStoreId } from './store-id.js';
import { markOf, readMarkOf, storeIdOf, verifyFile } from './verified-file.js';

/** What a repair works with; nothing else uses any of it meanwhile, and no connection to the file is open. */
export interface RepairTools {
  readonly files: StoreFiles;
  readonly journal: RedoJournal;
  readonly backups: Backups;
  readonly clock: Clock;
  /** The store that is repaired; undefined where nothing has an id. */
  readonly store: string | undefined;
  /** How long rows are looked for in damaged files, ms. */
  readonly salvageMs: number;
}

interface Base {
  readonly mark: Mark;
  readonly backup: GoodBackup | undefined;
}

const NOTHING: Mark = { sequence: 0, revision: 0 };

/** Numbers passed over where nobody knows how many were given: none may be given to two rows. */
const LEAP = 1_000_000;

/** Numbers looked for above the last that is known. */
const MARGIN = 10_000;

/** Causes where the file that stands there is, or was, the store's own, so that rows may be taken from it. */
const OWN: ReadonlySet<RepairCause> = new Set(['corrupt', 'outdated', 'not_a_database']);

/**
 * Builds the database anew beside the one that cannot be gone on with, from the newest good backup and the redo
 * journal, and only then puts it in place: whatever fails on the way leaves everything as it was. Throws StoreFault.
 */
export async function repair(cause: RepairCause, tools: RepairTools): Promise<RepairReport> {
  const { files, journal, clock } = tools;
  await removeDatabase(files.restoring);
  const own = OWN.has(cause) && !isForeign(await storeIdOf(files.database).catch(() => undefined), tools.store);
  const known = own ? await markOf(files.database).catch(() => undefined) : undefined;
  const base = await layBase(cause, tools, known);
  const lost = lostRange(base.mark.sequence, journal.reach, known?.sequence);
  const writer = await openWriter({ path: files.restoring, busyTimeoutMs: 0 });
  let replayed: number;
  const salvaged: Record<string, number> = {};
  try {
    const over = deadline(clock, tools.salvageMs);
    const take = async (path: string): Promise<void> => {
      const topRevision = known?.revision ?? (await readMarkOf(writer)).revision + MARGIN;
      const taken = await salvage(writer, { path, baseRevision: base.mark.revision, topRevision, over });
      for (const [table, count] of Object.entries(taken)) salvaged[table] = (salvaged[table] ?? 0) + count;
    };
    // Older than what the journal has, so it comes before; what is newer than all comes behind.
    if (!covers(journal.reach, base.mark.sequence)) for (const path of await tools.backups.bad()) await take(path);
    replayed = await redo(writer, journal, base.mark.sequence);
    if (own && lost !== null) await take(files.database);
    if (Object.values(salvaged).some((count) => count > 0)) await recountConversations(writer);
    await moveMark(writer, lost, known);
    if (tools.store !== undefined) await setStoreId(writer, tools.store);
    // One file that stands alone: a log would have to be renamed with it.
    await writer.query('PRAGMA journal_mode = DELETE');
  } finally {
    await writer.destroy();
  }
  // One that is no good in the backup either would be found again and again.
  const dropped = await removeDamagedRows(files.restoring);
  const at = clock.wall();
  const setAside = await finish(files, at);
  const backup = base.backup?.name ?? null;
  return { cause, at: new Date(at).toISOString(), setAside, backup, replayed, salvaged, dropped, lost };
}

/** Verifies the database that was put together, forces it to the disk and puts it in its place; see `putInPlace`. */
export async function finish(files: StoreFiles, at: number): Promise<string[]> {
  await verifyFile(files.restoring);
  await syncFile(files.restoring);
  await renameDurably(files.restoring, files.restored);
  return await putInPlace(files, at);
}

async function layBase(cause: RepairCause, { files, backups }: RepairTools, known: Mark | undefined): Promise<Base> {
  const backup = await backups.newestGood();
  const mark = backup?.mark ?? NOTHING;
  if (cause === 'outdated' && known !== undefined && known.sequence > mark.sequence) {
    // The file is whole, and there is nothing better to begin with.
    const copy = `VACUUM INTO '${files.restoring.replaceAll("'", "''")}'`;
    await connected(files.database, 'read', (connection) => connection.run(copy));
    return { mark: known, backup: undefined };
  }
  if (backup !== undefined) await copyFile(backup.path, files.restoring);
  return { mark, backup };
}

/** The mark of all that is known to have been: what was given once is not given again. */
async function moveMark(writer: DataSource, lost: LostRange | null, known: Mark | undefined): Promise<void> {
  await transact(writer, async (manager) => {
    const now = await readMarkOf(writer);
    const leap = lost === null || known !== undefined ? 0 : LEAP;
    const sequence = Math.max(now.sequence, known?.sequence ?? 0);
    const revision = Math.max(now.revision, known?.revision ?? 0) + leap;
    await applyChanges(manager, [{ table: 'store_mark', put: { id: 1, sequence, revision } }]);
  });
}

function deadline(clock: Clock, ms: number): () => boolean {
  const end = clock.now() + ms;
  return () => clock.now() > end;
}
