import { type DatabaseAddress } from '../domain/database-address.js';
import { checkFile } from '../sqlite/verified-file.js';
import { checkThoroughly } from '../sqlite/row-check.js';
import { countsOf, migrationsRun, migrationsToRun, type ReadAccess } from './read-access.js';
import { pagesOf } from './table-pages.js';
import { readLine, rowLine } from './transfer-format.js';
import { TRANSFERRED } from './transferred-tables.js';

/** What a check has found; nothing in it is secret. */
export interface CheckReport {
  readonly migrations: readonly string[];
  /** Migrations that are still to run. */
  readonly missing: readonly string[];
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
  /** Whether every row was read and verified. */
  readonly deep: boolean;
  /** Rows by table whose content is not what was stored. */
  readonly damaged: Readonly<Record<string, number>>;
  /** Sessions that are not told as their turns are: a later write puts them right. */
  readonly unlikeTheirTurns: number;
}

/** Sessions whose own row does not fit their turns, those without either among them. */
const UNLIKE = `SELECT count(*) AS unlike FROM (
  SELECT namespace, session_id FROM (
    SELECT namespace, session_id, turns, bytes FROM conversation
    UNION ALL
    SELECT namespace, session_id, -count(*), -sum(bytes) FROM conversation_turn GROUP BY namespace, session_id
  ) both_sides GROUP BY namespace, session_id HAVING sum(turns) <> 0 OR sum(bytes) <> 0
) unlike_sessions`;

/**
 * Looks at a database without changing it; a deep check reads every row. Throws StoreFault when pages of a file are
 * damaged, or the server cannot be read.
 */
export async function checkData(access: ReadAccess, address: DatabaseAddress, deep: boolean): Promise<CheckReport> {
  if (address.kind === 'sqlite') await (deep ? checkThoroughly(address.path) : checkFile(address.path));
  const missing = await migrationsToRun(access);
  const report = { migrations: await migrationsRun(access), missing, deep, rows: {}, damaged: {}, unlikeTheirTurns: 0 };
  if (missing.length > 0) return report;
  const names = TRANSFERRED.map(({ name }) => name);
  const rows = await countsOf(access, names);
  if (!deep) return { ...report, rows };
  const damaged: Record<string, number> = {};
  for (const table of TRANSFERRED) {
    for await (const page of pagesOf(access, table)) {
      const bad = page.filter((row) => 'problem' in readLine(rowLine(table.name, row))).length;
      if (bad > 0) damaged[table.name] = (damaged[table.name] ?? 0) + bad;
    }
  }
  const [found] = await access.read((manager) => manager.query<{ unlike: number | string }[]>(UNLIKE));
  return { ...report, rows, damaged, unlikeTheirTurns: Number(found?.unlike ?? 0) };
}
