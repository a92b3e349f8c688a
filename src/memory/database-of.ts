import { type Database } from './database.js';
import { type MemorySettings } from './memory.settings.js';
import { PostgresDatabase } from './postgres/postgres.database.js';
import { type SqliteParts } from './sqlite/safekeeping.js';
import { SqliteDatabase } from './sqlite/sqlite.database.js';

/** The database that the settings name; the parts are what a file needs beside them. */
export function databaseOf(settings: MemorySettings, parts: Omit<SqliteParts, 'file'>): Database {
  const { database: address, busyTimeoutMs, statementTimeoutMs: timeoutMs, readConnections: readers } = settings;
  if (address.kind === 'postgres') return new PostgresDatabase({ address, timeoutMs, readers }, parts.host);
  return new SqliteDatabase({ ...parts, file: { path: address.path, busyTimeoutMs } });
}
