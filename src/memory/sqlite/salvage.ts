import { type DataSource } from 'typeorm';
import { verified } from '../checksum.js';
import { type Cell, type Row } from '../domain/change.js';
import { type FaultKind, StoreFault } from '../domain/store-fault.js';
import { type Write } from '../domain/write.js';
import { applyChanges, decideGroup } from '../group-transaction.js';
import { connected, type Connection } from './connection.js';
import { transact } from './sqlite-connection.js';

/** A table of which rows are taken from a damaged file. */
interface Salvaged {
  readonly table: string;
  /** An index that has the row's name too, apart from the row, and its columns. */
  readonly index: string;
  readonly indexed: readonly string[];
  /** The property that says which of two rows is newer. */
  readonly order: string;
  /** Whether `order` is a number from the store's one counter. */
  readonly counted: boolean;
  readonly text: string;
}

const TABLES: readonly Salvaged[] = [
  {
    table: 'memory_item',
    index: 'memory_item_key',
    indexed: ['namespace', 'key'],
    order: 'revision',
    counted: true,
    text: 'value',
  },
  {
    table: 'conversation_turn',
    index: 'conversation_turn_session',
    indexed: ['namespace', 'session_id', 'id'],
    order: 'id',
    counted: true,
    text: 'content',
  },
  {
    table: 'node_state',
    index: 'sqlite_autoindex_node_state_1',
    indexed: ['name'],
    order: 'updatedAt',
    counted: false,
    text: 'value',
  },
  {
    table: 'journal_entry',
    index: 'sqlite_autoindex_journal_entry_1',
    indexed: ['id'],
    order: 'number',
    counted: false,
    text: 'body',
  },
];

/** Rows read with one query. */
const BATCH = 50;

/** What is wrong with a page, and not with all of the file. */
const PAGE_FAULTS: ReadonlySet<FaultKind> = new Set(['corrupt', 'disk']);

/** Rows the table of states may have, where its end cannot be read. */
const STATES = 1000;

/** What to take from a damaged file, and for how long to try. */
export interface SalvageOptions {
  readonly path: string;
  /** Last number given to a row in the base that was restored: rows up to it that are not there were removed. */
  readonly baseRevision: number;
  /** The last number that may have been given to a row, for where the file cannot tell. */
  readonly topRevision: number;
  /** Whether the time for it is over: pages that cannot be read cost a query for each row that was in them. */
  readonly over: () => boolean;
}

/**
 * Takes from a damaged file the rows that can still be read, verify, and are newer than those restored. A page that
 * cannot be read costs the rows in it. Returns how many were taken, by table.
 */
export async function salvage(writer: DataSource, options: SalvageOptions): Promise<Record<string, number>> {
  const taken: Record<string, number> = {};
  const work = async (damaged: Connection): Promise<void> => {
    for (const of of TABLES) {
      const range = of.counted ? { low: options.baseRevision + 1, top: options.topRevision } : { low: 1, top: STATES };
      for await (const rows of readableRows(damaged, of.table, { ...range, over: options.over })) {
        const good = await goodRows(damaged, writer, of, rows);
        taken[of.table] = (taken[of.table] ?? 0) + (await takeNewer(writer, of, good, options.baseRevision));
      }
    }
  };
  // A file that cannot even be opened gives nothing.
  await connected(options.path, 'read', work).catch(() => undefined);
  return taken;
}

/** Conversations are told anew from the turns that are there. */
export async function recountConversations(writer: DataSource): Promise<void> {
  await transact(writer, async (manager) => {
    await manager.query('DELETE FROM conversation');
    await manager.query(`INSERT INTO conversation (namespace, session_id, turns, bytes, last_turn, created_at, updated_at)
      SELECT namespace, session_id, count(*), sum(bytes), max(id), min(created_at), max(created_at)
      FROM conversation_turn GROUP BY namespace, session_id`);
  });
}

/** Rows by ranges of their numbers; a range that cannot be read is halved until only what is damaged is left out. */
async function* readableRows(
  damaged: Connection,
  table: string,
  { low: first, top, over }: { readonly low: number; readonly top: number; readonly over: () => boolean },
): AsyncGenerator<Record<string, Cell>[]> {
  const [end] = await damaged
    .all<{ top: number | null }>(`SELECT max(rowid) AS top FROM ${table}`)
    .catch((error: unknown) => {
      if (!(error instanceof StoreFault && PAGE_FAULTS.has(error.kind))) throw error;
      return [{ top }];
    });
  const ranges: [number, number][] = [[first, end?.top ?? 0]];
  for (let range = ranges.pop(); range !== undefined && !over(); range = ranges.pop()) {
    let [low] = range;
    const [, high] = range;
    try {
      while (low <= high) {
        const rows = await damaged.all<{ rowid: number }>(
          `SELECT rowid AS rowid, * FROM ${table} WHERE rowid BETWEEN ? AND ? ORDER BY rowid LIMIT ${BATCH}`,
          [low, high],
        );
        if (rows.length === 0) break;
        yield rows;
        low = (rows.at(-1)?.rowid ?? high) + 1;
      }
    } catch (error) {
      if (!(error instanceof StoreFault && PAGE_FAULTS.has(error.kind))) throw error;
      const middle = Math.floor((low + high) / 2);
      if (low < high) ranges.push([middle + 1, high], [low, middle]);
    }
  }
}

/** Rows under the names of their properties: those whose content verifies and whose name the index has as well. */
async function goodRows(
  damaged: Connection,
  writer: DataSource,
  of: Salvaged,
  rows: readonly Record<string, Cell>[],
): Promise<Row[]> {
  const { columns } = writer.getMetadata(of.table);
  const good: Row[] = [];
  for (const found of rows) {
    // Columns that an older version did not have: '' where there must be a text.
    const cells = columns.map(({ databaseName, propertyName, isNullable }) => [
      propertyName,
      found[databaseName] ?? (isNullable ? null : ''),
    ]);
    const row = Object.fromEntries(cells) as Row;
    if (contentVerifies(row, of) && (await isIndexed(damaged, of, found))) good.push(row);
  }
  return good;
}

function contentVerifies(row: Row, { text, order }: Salvaged): boolean {
  const [content, checksum = null] = [row[text], row['checksum']];
  if (typeof content !== 'string' || !Number.isSafeInteger(row[order])) return false;
  if ('bytes' in row && row['bytes'] !== Buffer.byteLength(content)) return false;
  try {
    return verified(content, checksum as number | null) === content;
  } catch {
    return false;
  }
}

/** The name of a row has no checksum: a byte of it that changed shows in that the index does not know it. */
async function isIndexed(damaged: Connection, of: Salvaged, found: Record<string, Cell>): Promise<boolean> {
  const where = of.indexed.map((column) => `${column} = ?`).join(' AND ');
  const values = of.indexed.map((column) => found[column] ?? null);
  try {
    const known = await damaged.all(`SELECT 1 FROM ${of.table} INDEXED BY ${of.index} WHERE ${where}`, values);
    return known.length > 0;
  } catch {
    // The index is damaged itself, or of an older version.
    return true;
  }
}

async function takeNewer(
  writer: DataSource,
  of: Salvaged,
  rows: readonly Row[],
  baseRevision: number,
): Promise<number> {
  const { table, order, counted } = of;
  const keys = writer.getMetadata(table).primaryColumns.map(({ propertyName }) => propertyName);
  const writes = rows.map((row): Write<boolean> => {
    const key = Object.fromEntries(keys.map((name) => [name, row[name] ?? null]));
    return {
      needs: [{ table, where: key, columns: [...new Set([...keys, order])] }],
      numbers: 0,
      bytes: 0,
      decide: (view) => {
        const floor = Number(view.find(table, key)?.[order] ?? (counted ? baseRevision : -1));
        if (Number(row[order]) <= floor) return false;
        view.put(table, row);
        return true;
      },
    };
  });
  if (writes.length === 0) return 0;
  return await transact(writer, async (manager) => {
    const { outcomes, changes } = await decideGroup(manager, writes, []);
    await applyChanges(manager, changes);
    return outcomes.filter((outcome) => 'value' in outcome && outcome.value === true).length;
  });
}
