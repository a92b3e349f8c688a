import { systemClock } from '../../kernel/clock.js';
import { EXIT } from '../../platform/exit-codes.js';
import { createLog } from '../../platform/logging.js';
import { type Database } from '../database.js';
import { databaseOf } from '../database-of.js';
import { shownAddress } from '../domain/database-address.js';
import { repairText } from '../domain/repair-report.js';
import { StoreFault } from '../domain/store-fault.js';
import { type DurabilitySettings } from '../durability.settings.js';
import { type MemorySettings } from '../memory.settings.js';
import { checkData, type CheckReport } from './check-data.js';
import { type DatabaseCommand } from './command-line.js';
import { exportData } from './export-data.js';
import { fileSink, readBrokenExport, standardOutput } from './export-sink.js';
import { importData } from './import-data.js';
import { openInput } from './lines.js';
import { Progress } from './progress.js';
import { migrationsRun, migrationsToRun, openToRead, patient, type ReadAccess } from './read-access.js';
import { problemOf, TransferProblem } from './transfer-problem.js';

/** Settings of the store. */
export interface StoreSettings {
  readonly memory: MemorySettings;
  readonly durability: DurabilitySettings;
}

/** Runs a command on the database that the settings name; the exit code of the process. */
export async function runDatabaseCommand(command: DatabaseCommand, settings: StoreSettings): Promise<number> {
  try {
    switch (command.verb) {
      case 'migrate':
        return await migrate(settings);
      case 'check':
        return await check(command, settings);
      case 'export':
        return await exportFrom(command, settings);
      case 'import':
        return await importInto(command, settings);
    }
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    say(`db:${command.verb}: ${problem.message}`);
    return problem.exitCode;
  }
}

async function migrate(settings: StoreSettings): Promise<number> {
  const before = await withAccess(settings.memory, migrationsRun).catch((error: unknown) => {
    // A file that is not there is made.
    if (error instanceof StoreFault && error.kind === 'missing') return [] as string[];
    throw error;
  });
  await withDatabase(settings, () => Promise.resolve());
  const after = await withAccess(settings.memory, migrationsRun);
  const ran = after.filter((name) => !before.includes(name));
  for (const name of ran) process.stdout.write(`ran ${name}\n`);
  process.stdout.write(`${shown(settings)}: ${ran.length} migrations ran, ${after.length} in all\n`);
  return EXIT.ok;
}

async function check({ deep, json }: DatabaseCommand & { verb: 'check' }, settings: StoreSettings): Promise<number> {
  const { database } = settings.memory;
  const report = await withAccess(settings.memory, (access) => checkData(access, database, deep));
  const good = Object.keys(report.damaged).length === 0 && report.missing.length === 0;
  if (json) process.stdout.write(`${JSON.stringify({ ok: good, database: shown(settings), ...report })}\n`);
  else process.stdout.write(`${reportLines(report, shown(settings)).join('\n')}\n`);
  return good ? EXIT.ok : EXIT.io;
}

function reportLines(
  { migrations, missing, rows, deep, damaged, unlikeTheirTurns }: CheckReport,
  name: string,
): string[] {
  const lines = [`${name}: ${migrations.length} migrations ran`];
  for (const migration of missing) lines.push(`to be run by db:migrate: ${migration}`);
  for (const [table, count] of Object.entries(rows))
    lines.push(`${table}: ${count} rows, ${damaged[table] ?? 0} damaged`);
  if (unlikeTheirTurns > 0) lines.push(`${unlikeTheirTurns} sessions are told otherwise than their turns are`);
  lines.push(deep ? 'every row was read' : 'rows were counted, not read; --deep reads them');
  return lines;
}

async function exportFrom(
  { path, resume }: DatabaseCommand & { verb: 'export' },
  settings: StoreSettings,
): Promise<number> {
  const broken = resume && path !== undefined ? await readBrokenExport(path) : undefined;
  const told = await withAccess(settings.memory, async (access) => {
    if ((await migrationsToRun(access)).length > 0)
      throw new TransferProblem('the tables are those of an older version; run db:migrate first', EXIT.config);
    const sink = path === undefined ? standardOutput() : await fileSink(path, broken?.bytes);
    return await exportData(access, {
      sink,
      ...(broken === undefined ? {} : { broken }),
      progress: progressOf('export'),
      now: Date.now(),
    });
  });
  say(`exported ${told.done} rows of ${shown(settings)} in ${told.seconds.toFixed(1)} s`);
  return EXIT.ok;
}

async function importInto(
  { path, resume, skipBad }: DatabaseCommand & { verb: 'import' },
  settings: StoreSettings,
): Promise<number> {
  const input = path === '-' ? (process.stdin as AsyncIterable<Buffer>) : await openInput(path);
  const begun = performance.now();
  const point = await withDatabase(settings, (database) =>
    importData(database, { input, resume, skipBad, progress: progressOf('import'), bad: say, now: Date.now() }),
  );
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const left = `${point.kept} left out since newer ones were there, ${point.bad} bad lines`;
  say(`${shown(settings)}: ${point.rows} rows imported, ${left}, ${seconds} s`);
  return EXIT.ok;
}

async function withAccess<T>(settings: MemorySettings, work: (access: ReadAccess) => Promise<T>): Promise<T> {
  const access = await openToRead(settings);
  try {
    return await work(access);
  } finally {
    await access.close();
  }
}

/** Opens a database as a node does, alone where it is a file. */
async function withDatabase<T>(
  { memory, durability }: StoreSettings,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const host = {
    idle: () => Promise.resolve(),
    alarm: (fault: StoreFault) => {
      say(fault.message);
    },
    repaired: (report: Parameters<typeof repairText>[0]) => {
      say(repairText(report));
    },
  };
  const log = createLog('error', 'json', { write: (line: string) => process.stderr.write(line) });
  const database = databaseOf(patient(memory), { durability, clock: systemClock, log, host });
  try {
    await database.open();
    return await work(database);
  } finally {
    await database.close();
  }
}

function progressOf(title: string): (total: number) => Progress {
  return (total) => new Progress(title, total, process.stderr, () => performance.now());
}

function shown({ memory }: StoreSettings): string {
  return shownAddress(memory.database);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
