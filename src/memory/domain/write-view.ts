import { type Cell, type Change, type Row } from './change.js';
import { type Need, type RowView, type Write, type WriteOutcome } from './write.js';

/** The columns that name a row, by table. */
export type KeyColumns = (table: string) => readonly string[];

/** Rows that were read for a need. */
export interface Loaded {
  readonly need: Need;
  readonly rows: readonly Row[];
}

/** A row of the view: as it is now, undefined when there is none, and whether that is still to be written. */
interface Standing {
  readonly table: string;
  readonly key: Row;
  row: Row | undefined;
  changed: boolean;
}

/** What a group of writes sees and changes, before any of it is in the database. */
export class WriteView implements RowView {
  readonly #standings = new Map<string, Standing>();
  /** Names of the rows that were read for a need. */
  readonly #loaded = new Map<string, string[]>();
  /** Names of rows that were put, by table. */
  readonly #put = new Map<string, Set<string>>();
  /** What to take back when the write that runs fails. */
  #undo: (() => void)[] = [];
  #taken = 0;

  /** @param numbers numbers that were never given to a row; they only grow */
  constructor(
    private readonly keyColumns: KeyColumns,
    loaded: readonly Loaded[],
    private readonly numbers: readonly number[],
  ) {
    for (const { need, rows } of loaded) {
      const names = rows.map((row) => {
        const standing = this.#standing(need.table, row);
        standing.row = { ...standing.row, ...row };
        return this.#nameOf(need.table, row);
      });
      this.#loaded.set(signature(need), names);
    }
  }

  find(table: string, key: Row): Row | undefined {
    return this.#standings.get(this.#nameOf(table, key))?.row;
  }

  rows(need: Need): Row[] {
    const names = new Set([...(this.#loaded.get(signature(need)) ?? []), ...(this.#put.get(need.table) ?? [])]);
    return [...names].flatMap((name) => {
      const row = this.#standings.get(name)?.row;
      return row !== undefined && Object.entries(need.where).every(([column, value]) => row[column] === value)
        ? [row]
        : [];
    });
  }

  number(): number {
    const number = this.numbers[this.#taken++];
    if (number === undefined) throw new RangeError('a write takes more numbers than it said');
    return number;
  }

  put(table: string, row: Row): void {
    const name = this.#nameOf(table, row);
    const names = this.#put.get(table) ?? new Set<string>();
    this.#put.set(table, names.add(name));
    this.#change(this.#standing(table, row), row);
  }

  remove(table: string, key: Row): void {
    this.#change(this.#standing(table, key), undefined);
  }

  /** Lets a write decide; of one that throws nothing stays. */
  attempt(write: Write<unknown>): WriteOutcome {
    this.#undo = [];
    try {
      return { value: write.decide(this) };
    } catch (error) {
      for (const undo of this.#undo.reverse()) undo();
      return { error };
    }
  }

  /** How the rows that were changed stand in the end, each once. */
  changes(): Change[] {
    const changed = [...this.#standings.values()].filter((standing) => standing.changed);
    return changed.map(({ table, key, row }) => (row === undefined ? { table, remove: key } : { table, put: row }));
  }

  #standing(table: string, row: Row): Standing {
    const name = this.#nameOf(table, row);
    const known = this.#standings.get(name);
    if (known !== undefined) return known;
    const key = Object.fromEntries(this.keyColumns(table).map((column) => [column, row[column] as Cell]));
    const standing: Standing = { table, key, row: undefined, changed: false };
    this.#standings.set(name, standing);
    return standing;
  }

  #change(standing: Standing, row: Row | undefined): void {
    const { row: former, changed } = standing;
    this.#undo.push(() => {
      standing.row = former;
      standing.changed = changed;
    });
    standing.row = row;
    standing.changed = true;
  }

  #nameOf(table: string, row: Row): string {
    let name = table;
    // No stored text holds U+0000.
    for (const column of this.keyColumns(table)) name += `\0${row[column] as string | number}`;
    return name;
  }
}

function signature({ table, where }: Need): string {
  return JSON.stringify([table, where]);
}
