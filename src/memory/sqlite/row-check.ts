import { verified } from '../checksum.js';
import { StoreFault } from '../domain/store-fault.js';
import { connected, type Connection } from './connection.js';

/** Tables whose rows carry a checksum, and the column it is of. */
const CHECKED = [
  ['memory_item', 'value'],
  ['conversation_turn', 'content'],
] as const;

/** Rows read with one query: other work has its turn in between. */
const BATCH = 100;

interface CheckedRow {
  readonly rowid: number;
  readonly content: string;
  readonly checksum: number | null;
}

/** Reads everything there is to verify, through a connection that has none of it cached: indexes against tables, and the content of each row. Throws StoreFault. */
export async function checkThoroughly(path: string): Promise<void> {
  await connected(path, 'read', async (connection) => {
    const [found] = await connection.all<{ integrity_check: string }>('PRAGMA integrity_check(1)');
    if (found?.integrity_check !== 'ok') throw new StoreFault('corrupt');
    for (const [table, content] of CHECKED) await checkRows(connection, table, content);
  });
}

async function checkRows(connection: Connection, table: string, content: string): Promise<void> {
  for (let after = 0; ;) {
    const rows = await connection.all<CheckedRow>(
      `SELECT rowid AS rowid, ${content} AS content, checksum FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ${BATCH}`,
      [after],
    );
    for (const { content: text, checksum } of rows) verified(text, checksum);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.rowid;
  }
}
