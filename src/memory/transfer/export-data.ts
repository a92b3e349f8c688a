import { randomHex } from '../../platform/identifiers.js';
import { VERSION } from '../../platform/version.js';
import { type BrokenExport, type ExportSink } from './export-sink.js';
import { type Progress } from './progress.js';
import { countsOf, lastNumber, type ReadAccess } from './read-access.js';
import { pagesOf } from './table-pages.js';
import { endLine, headerLine, rowLine } from './transfer-format.js';
import { TRANSFERRED } from './transferred-tables.js';

/** What an export needs beside the database. */
export interface ExportParts {
  readonly sink: ExportSink;
  /** What is there already, when an export is gone on with. */
  readonly broken?: BrokenExport;
  /** Makes what tells how far it has come, of so many rows. */
  readonly progress: (total: number) => Progress;
  /** Wall clock, ms since the epoch. */
  readonly now: number;
}

/** Writes every row of the database to the sink, and closes it. */
export async function exportData(access: ReadAccess, { sink, broken, progress, now }: ExportParts): Promise<Progress> {
  const names = TRANSFERRED.map(({ name }) => name);
  const counts = broken?.header.counts ?? (await countsOf(access, names));
  if (broken === undefined) {
    const facts = { version: VERSION, id: randomHex(16), exported_at: new Date(now).toISOString() };
    await sink.write(headerLine({ ...facts, revision: await lastNumber(access), counts }));
  }
  const told = progress(Object.values(counts).reduce((sum, count) => sum + count, 0));
  told.add(broken?.rows ?? 0);
  const last = broken?.last;
  const begin = last === undefined ? 0 : names.indexOf(last.table);
  for (const table of TRANSFERRED.slice(begin)) {
    const after = table.name === last?.table ? last.row : undefined;
    for await (const rows of pagesOf(access, table, after)) {
      for (const row of rows) await sink.write(rowLine(table.name, row));
      told.add(rows.length);
    }
  }
  await sink.write(endLine(told.done));
  await sink.close();
  told.end();
  return told;
}
