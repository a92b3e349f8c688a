import { openingStep, type FoundFile } from '../domain/repair-plan.js';
import { type RepairReport } from '../domain/repair-report.js';
import { StoreFault } from '../domain/store-fault.js';
import { repair, type RepairTools } from './repair.js';
import { checkThoroughly } from './row-check.js';
import { finishRepair, sizeOf } from './store-files.js';
import { checkFile, markOf } from './verified-file.js';

/** How closely a file is looked at before it is used: its mark only, every page, or every page and row. */
export type Closeness = 'mark' | 'pages' | 'rows';

/** Sees to it that there is a database to open: finishes what a crash left, and repairs where it has to. Throws StoreFault. */
export async function makeReady(tools: RepairTools, closeness: Closeness): Promise<RepairReport | undefined> {
  const { files, journal, backups, clock } = tools;
  await finishRepair(files, clock.wall());
  const found = await inspect(files.database, closeness);
  const hasBackups = (await backups.list()).length > 0 || (await backups.bad()).length > 0;
  const step = openingStep(found, journal.reach, hasBackups);
  if (step.step === 'leave') throw new StoreFault('not_a_database');
  return step.step === 'repair' ? await repair(step.cause, tools) : undefined;
}

async function inspect(path: string, closeness: Closeness): Promise<FoundFile> {
  const size = await sizeOf(path);
  if (size === undefined) return { kind: 'missing' };
  if (size === 0) return { kind: 'empty' };
  try {
    if (closeness === 'rows') await checkThoroughly(path);
    const mark = closeness === 'pages' ? await checkFile(path) : await markOf(path);
    return { kind: 'database', mark };
  } catch (error) {
    const kind = error instanceof StoreFault ? error.kind : undefined;
    if (kind === 'corrupt' || kind === 'not_a_database') return { kind };
    throw error;
  }
}
