import { type PlainConnection } from './built-memory.js';

const ROWS_OF_A_STATEMENT = 4000;

/** Fills the table of items with `count` rows of 100 bytes; every thousandth key begins with `rare/`, the others with `common/`. */
export async function fill(connection: PlainConnection, count: number, onStep: () => void): Promise<void> {
  const value = 'v'.repeat(100);
  for (let from = 1; from <= count; from += ROWS_OF_A_STATEMENT) {
    const rows: string[] = [];
    for (let n = from; n < from + ROWS_OF_A_STATEMENT && n <= count; n++)
      rows.push(`('', '${keyOf(n)}', ${n}, '${value}', 100, 0)`);
    await connection.query(
      `INSERT INTO memory_item (namespace, key, revision, value, bytes, updated_at) VALUES ${rows.join(',')}`,
    );
    onStep();
  }
  await connection.query('UPDATE store_mark SET revision = ?', [count]);
}

/** Key of the n-th row. */
export function keyOf(n: number): string {
  return `${n % 1000 === 0 ? 'rare' : 'common'}/${n.toString(36)}`;
}
