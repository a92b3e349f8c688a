import { type ReadWork } from '../database.js';
import { storeFault } from '../domain/store-fault.js';
import { type MemorySettings } from '../memory.settings.js';
import { MIGRATIONS } from '../migrations/migrations.js';
import { PostgresConnections } from '../postgres/postgres-connections.js';
import { openReader } from '../sqlite/sqlite-connection.js';

/** A statement of a command may take longer than one of a request: it may look at every row. */
const PATIENCE = 12;

/** A database as it stands: nothing is made in it, brought up to date or locked, and a node may use it meanwhile. */
export interface ReadAccess {
  readonly kind: 'sqlite' | 'postgres';
  readonly read: <T>(work: ReadWork<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

/** The settings as a command uses them. */
export function patient(settings: MemorySettings): MemorySettings {
  return { ...settings, statementTimeoutMs: settings.statementTimeoutMs * PATIENCE };
}

/** Opens the database that the settings name. Throws StoreFault. */
export async function openToRead(settings: MemorySettings): Promise<ReadAccess> {
  const { database: address, busyTimeoutMs, statementTimeoutMs: timeoutMs } = patient(settings);
  if (address.kind === 'sqlite') {
    const source = await openReader({ path: address.path, busyTimeoutMs });
    return { kind: 'sqlite', read: (work) => work(source.manager), close: () => source.destroy() };
  }
  const connections = new PostgresConnections({ address, timeoutMs, readers: 1 });
  await connections.connect();
  return {
    kind: 'postgres',
    read: (work) => connections.run((runner) => work(runner.manager)),
    close: () => connections.close(),
  };
}

/** Names of the migrations that were run on it, oldest first. */
export async function migrationsRun({ read }: ReadAccess): Promise<string[]> {
  try {
    const rows = await read((manager) =>
      manager.query<{ name: string }[]>('SELECT name FROM l104_migration ORDER BY id'),
    );
    return rows.map(({ name }) => name);
  } catch (error) {
    // SQLite has no code of its own for a table that is not there.
    const kind = storeFault(error)?.kind;
    if (kind === 'unprepared' || kind === 'broken') return [];
    throw error;
  }
}

/** Names of the migrations that are still to run. */
export async function migrationsToRun(access: ReadAccess): Promise<string[]> {
  const run = await migrationsRun(access);
  return MIGRATIONS.map((Migration) => new Migration().name).filter((name) => !run.includes(name));
}

/** The last number that was given to a row. */
export async function lastNumber({ kind, read }: ReadAccess): Promise<number> {
  const statement =
    kind === 'sqlite' ? 'SELECT revision AS last FROM store_mark' : 'SELECT last_value AS last FROM store_number';
  const [row] = await read((manager) => manager.query<{ last: number | string }[]>(statement));
  return Number(row?.last ?? 0);
}

/** Rows of each table. */
export async function countsOf({ read }: ReadAccess, tables: readonly string[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of tables) counts[table] = await read((manager) => manager.count(table));
  return counts;
}
