import { verified } from '../checksum.js';
import { StoreFault } from '../domain/store-fault.js';
import { connected, type Connection } from './connection.js';

/** Tables whose rows carry a checksum, and the column it is of. */
const CHECKED = [
  ['memory_item', 'value'],
  ['conversation_turn', 'content'],
] as const;

/** Rows read with one query: other work has its turn in between. */
const BATCH = 50;

interface CheckedRow {
  readonly rowid: number;
  readonly content: string;
  readonly checksum: number | null;
}

/** Called for each row whose content is not what was stored. */
type OnDamagedRow = (table: string, rowid: number) => Promise<void>;

/** Verifies all there is to verify, past every cache: indexes against tables, and the content of each row. Throws StoreFault. */
export async function checkThoroughly(path: string, signal?: AbortSignal): Promise<void> {
  const work = async (connection: Connection): Promise<void> => {
    const [found] = await connection.all<{ integrity_check: string }>('PRAGMA integrity_check(1)');
    if (found?.integrity_check !== 'ok') throw new StoreFault('corrupt');
    await checkRows(connection, refuse);
  };
  await connected(path, 'read', work, { signal });
}

/** Verifies the content of each row of a file. Throws StoreFault. */
export async function checkContent(path: string, signal?: AbortSignal): Promise<void> {
  await connected(path, 'read', (connection) => checkRows(connection, refuse), { signal });
}

/** Removes the rows whose content is not what was stored, and returns how many they were. */
export async function removeDamagedRows(path: string): Promise<number> {
  let removed = 0;
  await connected(path, 'write', (connection) =>
    checkRows(connection, async (table, rowid) => {
      await connection.all(`DELETE FROM ${table} WHERE rowid = ?`, [rowid]);
      removed++;
    }),
  );
  return removed;
}

function refuse(): Promise<void> {
  throw new StoreFault('corrupt');
}

async function checkRows(connection: Connection, damaged: OnDamagedRow): Promise<void> {
  for (const [table, content] of CHECKED) {
    for (let after = 0; ;) {
      const rows = await connection.all<CheckedRow>(
        `SELECT rowid AS rowid, ${content} AS content, checksum FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ${BATCH}`,
        [after],
      );
      for (const row of rows) if (!verifies(row)) await damaged(table, row.rowid);
      const last = rows.at(-1);
      if (last === undefined) break;
      after = last.rowid;
    }
  }
}

function verifies({ content, checksum }: CheckedRow): boolean {
  try {
    return verified(content, checksum) === content;
  } catch {
    return false;
  }
}
