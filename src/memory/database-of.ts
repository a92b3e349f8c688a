import { type Database } from './database.js';
import { type MemorySettings } from './memory.settings.js';
import { PostgresDatabase } from './postgres/postgres.database.js';
import { SqliteDatabase } from './sqlite/sqlite.database.js';

/** The database that the settings name. @param idle resolves when the work that now runs on it has ended */
export function databaseOf(settings: MemorySettings, idle: () => Promise<unknown>): Database {
  const { database: address, busyTimeoutMs, statementTimeoutMs: timeoutMs, readConnections: readers } = settings;
  if (address.kind === 'postgres') return new PostgresDatabase({ address, timeoutMs, readers });
  return new SqliteDatabase({ path: address.path, busyTimeoutMs }, idle);
}
