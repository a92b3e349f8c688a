import { type DataSource } from 'typeorm';
import { type Change } from '../domain/change.js';
import { mergeChanges } from '../domain/merge-changes.js';
import { type RedoRecord } from '../domain/redo-record.js';
import { applyChanges, keyColumnsOf } from '../group-transaction.js';
import { type RedoJournal } from './redo-journal.js';
import { transact } from './sqlite-connection.js';

/** Changes, and characters in them, that share one transaction while records are done again. */
const CHANGES = 2000;
const CHARACTERS = 4_000_000;

/** Does again what a journal holds above a sequence, and moves the mark on with it. Returns how many records it were. */
export async function redo(writer: DataSource, journal: RedoJournal, sequence: number): Promise<number> {
  let count = 0;
  let batch: RedoRecord[] = [];
  let size = { changes: 0, characters: 0 };
  for await (const record of journal.recordsAfter(sequence)) {
    batch.push(record);
    count++;
    size = { changes: size.changes + record.changes.length, characters: size.characters + charactersOf(record) };
    if (size.changes < CHANGES && size.characters < CHARACTERS) continue;
    await redoBatch(writer, batch);
    batch = [];
    size = { changes: 0, characters: 0 };
  }
  await redoBatch(writer, batch);
  return count;
}

async function redoBatch(writer: DataSource, batch: readonly RedoRecord[]): Promise<void> {
  const last = batch.at(-1);
  if (last === undefined) return;
  const { sequence, revision } = last;
  const mark: Change = { table: 'store_mark', put: { id: 1, sequence, revision } };
  const changes = [...batch.flatMap((record) => record.changes), mark];
  await transact(writer, (manager) => applyChanges(manager, mergeChanges(changes, keyColumnsOf(writer))));
}

function charactersOf({ changes }: RedoRecord): number {
  let sum = 0;
  for (const change of changes) {
    for (const cell of Object.values('put' in change ? change.put : change.remove))
      sum += typeof cell === 'string' ? cell.length : 8;
  }
  return sum;
}
