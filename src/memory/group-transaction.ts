import { type DataSource, type EntityManager, In, type ObjectLiteral } from 'typeorm';
import { type Change, type Row } from './domain/change.js';
import { type Need, type Write, type WriteOutcome } from './domain/write.js';
import { type KeyColumns, type Loaded, WriteView } from './domain/write-view.js';

/** Most values of one statement; SQLite takes 32,766, PostgreSQL 65,535. */
const MOST_VALUES = 30_000;

/** What a group of writes has come to, before it is durable. */
export interface DecidedGroup {
  readonly outcomes: readonly WriteOutcome[];
  readonly changes: readonly Change[];
}

/**
 * Lets writes decide on rows as the open transaction sees them; changes nothing yet. No other writer may work beside
 * the transaction. `numbers` were never given to a row.
 */
export async function decideGroup(
  manager: EntityManager,
  writes: readonly Write<unknown>[],
  numbers: readonly number[],
): Promise<DecidedGroup> {
  const loaded = await load(
    manager,
    writes.flatMap(({ needs }) => needs),
  );
  const view = new WriteView(keyColumnsOf(manager.connection), loaded, numbers);
  const outcomes = writes.map((write) => view.attempt(write));
  return { outcomes, changes: view.changes() };
}

/** Makes changes with few statements; part of a transaction. Making them twice is making them once. */
export async function applyChanges(manager: EntityManager, changes: readonly Change[]): Promise<void> {
  const keyColumns = keyColumnsOf(manager.connection);
  for (const [table, { removed, put }] of byTable(changes)) {
    // First what goes: a row that comes may take its place under another key.
    const columns = keyColumns(table);
    for (const { leading, last, values } of ranges(columns, removed)) {
      for (const part of chunks(values, MOST_VALUES)) await manager.delete(table, { ...leading, [last]: In(part) });
    }
    await putRows(manager, table, put);
  }
}

/** The columns of a table's key, from its entity. */
export function keyColumnsOf(source: DataSource): KeyColumns {
  const known = new Map<string, readonly string[]>();
  return (table) => {
    const columns =
      known.get(table) ?? source.getMetadata(table).primaryColumns.map(({ propertyName }) => propertyName);
    known.set(table, columns);
    return columns;
  };
}

async function load(manager: EntityManager, needs: readonly Need[]): Promise<Loaded[]> {
  const loaded: Loaded[] = [];
  for (const alike of groupsOf(needs, ({ table, columns }) => JSON.stringify([table, columns])).values()) {
    const { table, where, columns } = alike[0] as Need;
    const names = Object.keys(where);
    const rows: Row[] = [];
    for (const { leading, last, values } of ranges(
      names,
      alike.map((need) => need.where),
    )) {
      for (const part of chunks(values, MOST_VALUES)) {
        const found = await manager.find<ObjectLiteral>(table, {
          select: [...columns],
          where: { ...leading, [last]: In(part) },
        });
        rows.push(...(found as Row[]));
      }
    }
    const byValues = groupsOf(rows, (row) => valuesOf(names, row));
    for (const need of alike) loaded.push({ need, rows: byValues.get(valuesOf(names, need.where)) ?? [] });
  }
  return loaded;
}

async function putRows(manager: EntityManager, table: string, rows: readonly Row[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const { columns, primaryColumns } = manager.connection.getMetadata(table);
  const keys = primaryColumns.map(({ databaseName }) => databaseName);
  const others = columns.map(({ databaseName }) => databaseName).filter((name) => !keys.includes(name));
  for (const part of chunks(rows, Math.floor(MOST_VALUES / columns.length))) {
    await manager
      .createQueryBuilder()
      .insert()
      .into(table)
      .values(part)
      .orUpdate(others, keys)
      .updateEntity(false)
      .execute();
  }
}

/** Keys that differ in their last column only, so that one statement finds them all. */
function ranges(
  columns: readonly string[],
  keys: readonly Row[],
): { readonly leading: Row; readonly last: string; readonly values: unknown[] }[] {
  const last = columns.at(-1) ?? '';
  const before = columns.slice(0, -1);
  return [...groupsOf(keys, (key) => valuesOf(before, key)).values()].map((alike) => ({
    leading: Object.fromEntries(before.map((column) => [column, alike[0]?.[column] ?? null])),
    last,
    values: alike.map((key) => key[last]),
  }));
}

function byTable(changes: readonly Change[]): Map<string, { removed: Row[]; put: Row[] }> {
  const tables = new Map<string, { removed: Row[]; put: Row[] }>();
  for (const change of changes) {
    const rows = tables.get(change.table) ?? { removed: [], put: [] };
    tables.set(change.table, rows);
    if ('put' in change) rows.put.push(change.put);
    else rows.removed.push(change.remove);
  }
  return tables;
}

function valuesOf(columns: readonly string[], row: Row): string {
  return columns.map((column) => row[column]).join('\0');
}

function groupsOf<V>(values: readonly V[], keyOf: (value: V) => string): Map<string, V[]> {
  const groups = new Map<string, V[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

function* chunks<V>(values: readonly V[], size: number): Generator<V[]> {
  for (let at = 0; at < values.length; at += size) yield values.slice(at, at + size);
}
