import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { readDatabaseUrl } from './domain/database-url.js';
import { hasPostgres, TestServer } from './postgres/test-server.js';
import { loadDriver } from './sqlite/driver.js';

/** A kind of database that the store is tested on. */
export type TestedKind = 'SQLite' | 'PostgreSQL';

/** Every kind that can be had on this machine; `needed` names the tests that are skipped without the others. */
export function testedKinds(needed: string): readonly TestedKind[] {
  return hasPostgres(needed) ? ['SQLite', 'PostgreSQL'] : ['SQLite'];
}

let present: TestedKind = 'SQLite';

/** Which kind `newDatabase` makes from now on, in this file of tests. */
export function useDatabase(kind: TestedKind): void {
  present = kind;
}

/** The address of a new, empty database; what it leaves goes with the temporary directory or the server. */
export async function newDatabase(kind = present): Promise<string> {
  if (kind === 'PostgreSQL') return await (await TestServer.shared()).newDatabase();
  return `file:${join(mkdtempSync(join(tmpdir(), 'memory-')), 'l104.db')}`;
}

/** Runs a statement on a database as somebody else than the store. */
export async function runStatement<T>(url: string, statement: string): Promise<T[]> {
  const address = readDatabaseUrl(url);
  if ('problem' in address) throw new Error(address.problem);
  const source = new DataSource(
    address.kind === 'sqlite'
      ? { type: 'sqlite', driver: await loadDriver(), database: address.path, busyTimeout: 5000 }
      : { type: 'postgres', url, installExtensions: false },
  );
  await source.initialize();
  try {
    return await source.query<T[]>(statement);
  } finally {
    await source.destroy();
  }
}
