import { type Row } from '../domain/change.js';
import { type Need, type RowView, type Write } from '../domain/write.js';
import { TransferProblem } from './transfer-problem.js';
import { IMPORT_POINT } from './transferred-tables.js';

/** A row with the number of its line. */
export interface NumberedRow {
  readonly line: number;
  readonly table: string;
  readonly row: Row;
}

/** How far an import has come; kept in the target, in the same transaction as the rows. */
export interface ImportPoint {
  /** Id of the export. */
  readonly export: string;
  /** The last line that is done. */
  readonly line: number;
  /** Rows that are in the target. */
  readonly rows: number;
  /** Rows that were left out because the target had newer ones. */
  readonly kept: number;
  /** Bad lines that were left out. */
  readonly bad: number;
  readonly done: boolean;
}

/** What a batch came to. */
export interface BatchOutcome {
  readonly rows: number;
  readonly kept: number;
}

/**
 * Rows of an export as one write. Rows of the target that are newer stay: to make a batch twice is to make it once.
 * `pointOf` tells the point that is stored with it.
 */
export function batchWrite(
  batch: readonly NumberedRow[],
  {
    above,
    now,
    pointOf,
  }: { readonly above: number; readonly now: number; pointOf: (outcome: BatchOutcome) => ImportPoint },
): Write<BatchOutcome> {
  return {
    needs: batch.flatMap(needsOf),
    numbers: 0,
    above: Math.max(above, ...batch.map(numberOf)),
    bytes: 0,
    decide: (view) => {
      let rows = 0;
      for (const numbered of batch) {
        const row = rowToPut(view, numbered);
        if (row === undefined) continue;
        view.put(numbered.table, row);
        rows++;
      }
      const outcome = { rows, kept: batch.length - rows };
      view.put('node_state', { name: IMPORT_POINT, value: JSON.stringify(pointOf(outcome)), updatedAt: now });
      return outcome;
    },
  };
}

function needsOf({ table, row }: NumberedRow): Need[] {
  switch (table) {
    case 'memory_item':
      return [{ table, where: keyOf(row, ['namespace', 'key']), columns: ['namespace', 'key', 'revision'] }];
    case 'conversation_turn':
      return [{ table, where: keyOf(row, ['id']), columns: ['id', 'namespace', 'sessionId'] }];
    case 'conversation':
      return [turnsOf(row), { table, where: keyOf(row, SESSION), columns: [...SESSION, 'createdAt', 'updatedAt'] }];
    case 'journal_entry':
      return [{ table, where: keyOf(row, ['id']), columns: ['id'] }];
    default:
      return [{ table, where: keyOf(row, ['name']), columns: ['name', 'updatedAt'] }];
  }
}

/** The row as it is to stand in the target; undefined when what stands there is newer. Throws TransferProblem. */
function rowToPut(view: RowView, { table, row, line }: NumberedRow): Row | undefined {
  switch (table) {
    case 'memory_item': {
      const present = view.find(table, row);
      return present !== undefined && at(present, 'revision') > at(row, 'revision') ? undefined : row;
    }
    case 'conversation_turn': {
      const present = view.find(table, row);
      if (present !== undefined && SESSION.some((column) => present[column] !== row[column]))
        throw new TransferProblem(`line ${line}: its number is that of another turn in the target`);
      return row;
    }
    case 'conversation':
      return summary(view, row);
    case 'journal_entry':
      // What happened is told once; the target may have learnt since what came of it.
      return view.find(table, row) === undefined ? row : undefined;
    default: {
      const present = view.find(table, row);
      return present !== undefined && at(present, 'updatedAt') > at(row, 'updatedAt') ? undefined : row;
    }
  }
}

/** A session is told from the turns that are there, whatever was written to either database meanwhile. */
function summary(view: RowView, row: Row): Row | undefined {
  const turns = view.rows(turnsOf(row));
  if (turns.length === 0) return undefined;
  const present = view.find('conversation', row);
  return {
    ...row,
    turns: turns.length,
    bytes: turns.reduce((sum, turn) => sum + at(turn, 'bytes'), 0),
    lastTurn: turns.reduce((last, turn) => Math.max(last, at(turn, 'id')), 0),
    createdAt: Math.min(at(row, 'createdAt'), present === undefined ? Infinity : at(present, 'createdAt')),
    updatedAt: Math.max(at(row, 'updatedAt'), present === undefined ? 0 : at(present, 'updatedAt')),
  };
}

const SESSION = ['namespace', 'sessionId'];

function turnsOf(row: Row): Need {
  const table = 'conversation_turn';
  return { table, where: keyOf(row, SESSION), columns: ['id', ...SESSION, 'bytes'] };
}

function keyOf(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
}

/** The highest number of the store's own that a row holds. */
function numberOf({ table, row }: NumberedRow): number {
  // The journal counts by itself.
  if (table === 'journal_entry') return 0;
  return Math.max(at(row, 'revision'), at(row, 'id'), at(row, 'lastTurn'));
}

function at(row: Row, column: string): number {
  return Number(row[column] ?? 0);
}
