import { EXIT } from '../../platform/exit-codes.js';
import { type Database } from '../database.js';
import { storeFault } from '../domain/store-fault.js';
import { ConversationTurnRow } from '../entities/conversation-turn.entity.js';
import { MemoryItem } from '../entities/memory-item.entity.js';
import { NodeState } from '../entities/node-state.entity.js';
import { type BatchOutcome, batchWrite, type ImportPoint, type NumberedRow } from './import-batch.js';
import { type Line, linesOf } from './lines.js';
import { type Progress } from './progress.js';
import { type ExportHeader, readHeader, readLine } from './transfer-format.js';
import { TransferProblem } from './transfer-problem.js';
import { IMPORT_POINT } from './transferred-tables.js';

/** Most rows of one transaction. */
const BATCH_ROWS = 500;

/** Most characters of one transaction; one row is always taken. */
const BATCH_SIZE = 512 * 1024;

/** A session makes its turns be looked at: about what one of them costs, in characters. */
const TURN_SIZE = 64;

/** What an import needs beside the database. */
export interface ImportParts {
  readonly input: AsyncIterable<Buffer>;
  /** Whether to go on after the point that is kept in the target. */
  readonly resume: boolean;
  /** Whether a bad line is counted and left out, rather than the end. */
  readonly skipBad: boolean;
  readonly progress: (total: number) => Progress;
  /** Told of a bad line that is left out. */
  readonly bad: (problem: string) => void;
  /** Wall clock, ms since the epoch. */
  readonly now: number;
}

/** What is known while an import runs. */
interface Running {
  readonly header: ExportHeader;
  readonly told: Progress;
  point: ImportPoint;
}

/** Brings the rows of an export into an open database. Throws TransferProblem and StoreFault. */
export async function importData(database: Database, parts: ImportParts): Promise<ImportPoint> {
  const lines = linesOf(parts.input);
  const first = (await lines.next()) as IteratorResult<Line, undefined>;
  const header = readHeader(first.value?.text ?? '');
  if ('problem' in header) throw new TransferProblem(header.problem);
  const begun = await begin(database, header, parts.resume);
  if (begun.done) return begun;
  const told = parts.progress(Object.values(header.counts).reduce((sum, count) => sum + count, 0));
  const running: Running = { header, told, point: begun };
  try {
    await importLines(database, lines, running, parts);
  } finally {
    told.end();
  }
  if (!running.point.done)
    throw new TransferProblem(`the file ends early: what is up to line ${running.point.line} is in the database`);
  return running.point;
}

async function importLines(
  database: Database,
  lines: AsyncIterable<Line>,
  running: Running,
  parts: ImportParts,
): Promise<void> {
  let batch: NumberedRow[] = [];
  let [size, badLines] = [0, 0];
  const store = async (line: number, done: boolean): Promise<void> => {
    await storeBatch(database, batch, running, { line, bad: badLines, done, parts });
    [batch, size, badLines] = [[], 0, 0];
  };
  let last = running.point.line;
  for await (const { text, number, whole } of lines) {
    if (number <= running.point.line) {
      running.told.add(1);
      continue;
    }
    // What was broken off may come whole another time.
    if (!whole) break;
    const line = readLine(text);
    last = number;
    if ('rows' in line) {
      await store(number, true);
      return;
    }
    if ('problem' in line) {
      if (!parts.skipBad) throw new TransferProblem(`line ${number} ${line.problem}`);
      parts.bad(`line ${number} ${line.problem}`);
      badLines++;
      continue;
    }
    batch.push({ line: number, ...line });
    size += text.length + (line.table === 'conversation' ? Number(line.row['turns']) * TURN_SIZE : 0);
    if (batch.length >= BATCH_ROWS || size >= BATCH_SIZE) await store(number, false);
  }
  if (last > running.point.line) await store(last, false);
}

interface BatchEnd {
  readonly line: number;
  readonly bad: number;
  readonly done: boolean;
  readonly parts: ImportParts;
}

async function storeBatch(
  database: Database,
  batch: readonly NumberedRow[],
  running: Running,
  { line, bad, done, parts }: BatchEnd,
): Promise<void> {
  const { header, point } = running;
  const pointOf = ({ rows, kept }: BatchOutcome): ImportPoint => ({
    export: header.id,
    line,
    rows: point.rows + rows,
    kept: point.kept + kept,
    bad: point.bad + bad,
    done,
  });
  // Numbers that a running node gives meanwhile must not be those of rows still to come.
  const write = batchWrite(batch, { above: header.revision, now: parts.now, pointOf });
  const [outcome] = await database
    .commit(() => [write])
    .catch((error: unknown) => {
      if (storeFault(error) !== undefined) throw error;
      throw new TransferProblem(
        `lines ${batch[0]?.line ?? line} to ${line} are refused by the database: ${textOf(error)}`,
      );
    });
  if (outcome === undefined || 'error' in outcome) throw outcome?.error;
  running.point = pointOf(outcome.value as BatchOutcome);
  running.told.add(batch.length);
}

/** Where an import begins. Throws TransferProblem when the target has data that is not of this export. */
async function begin(database: Database, header: ExportHeader, resume: boolean): Promise<ImportPoint> {
  const nothing: ImportPoint = { export: header.id, line: 1, rows: 0, kept: 0, bad: 0, done: false };
  const stored = await database.read((manager) => manager.findOneBy(NodeState, { name: IMPORT_POINT }));
  const point = stored === null ? undefined : (JSON.parse(stored.value) as ImportPoint);
  if (point?.export === header.id) return point.done || resume ? point : nothing;
  const [item, turn] = await database.read(async (manager) => [
    await manager.findOne(MemoryItem, { where: {}, select: ['key'] }),
    await manager.findOne(ConversationTurnRow, { where: {}, select: ['id'] }),
  ]);
  if (item === null && turn === null) return nothing;
  throw new TransferProblem('the database has data of its own; import into an empty one', EXIT.usage);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : 'no reason known';
}
