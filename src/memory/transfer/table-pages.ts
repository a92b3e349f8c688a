import { type EntityManager, type ObjectLiteral } from 'typeorm';
import { type Row } from '../domain/change.js';
import { type ReadAccess } from './read-access.js';
import { IMPORT_POINT, type TransferredTable } from './transferred-tables.js';

/** Most rows read at once. */
const PAGE_ROWS = 1000;

/** What the rows read at once should not be larger than, characters; rows of one table are mostly alike. */
const PAGE_SIZE = 4 * 1024 * 1024;

/**
 * The rows of a table in the order of its key, from after `last` on, page by page. Each is as it was when its page
 * was read: of what is written meanwhile some is there and some is not, and no row is there twice.
 */
export async function* pagesOf(access: ReadAccess, table: TransferredTable, last?: Row): AsyncGenerator<Row[]> {
  // The first page tells how large rows are.
  let take = 50;
  for (let after = last; ;) {
    const from = after;
    const rows = await access.read((manager) => page(manager, table, take, from));
    if (rows.length === 0) return;
    yield rows.filter((row) => table.name !== 'node_state' || row['name'] !== IMPORT_POINT);
    if (rows.length < take) return;
    after = rows.at(-1);
    const size = rows.reduce((sum, row) => sum + sizeOf(row), 0) / rows.length;
    take = Math.max(1, Math.min(PAGE_ROWS, Math.floor(PAGE_SIZE / size)));
  }
}

async function page(
  manager: EntityManager,
  { name, key }: TransferredTable,
  take: number,
  after: Row | undefined,
): Promise<Row[]> {
  const found = manager.createQueryBuilder<ObjectLiteral>(name, 'entry').limit(take);
  for (const column of key) found.addOrderBy(`entry.${column}`, 'ASC');
  if (after !== undefined) {
    const columns = key.map((column) => `entry.${column}`).join(', ');
    const values = key.map((column) => `:${column}`).join(', ');
    const keyOf = Object.fromEntries(key.map((column) => [column, after[column]]));
    found.where(key.length === 1 ? `${columns} > ${values}` : `(${columns}) > (${values})`, keyOf);
  }
  // What TypeORM makes of a row has the names of the properties and no others.
  return await found.getMany();
}

function sizeOf(row: Row): number {
  return Object.values(row).reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 8), 0);
}
