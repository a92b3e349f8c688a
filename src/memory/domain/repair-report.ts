import { type LostRange, type RepairCause } from './repair-plan.js';

/** What a repair found, did, and could not bring back. Names of files only, no content. */
export interface RepairReport {
  readonly cause: RepairCause;
  /** When it was done, ISO 8601 in UTC. */
  readonly at: string;
  /** Files that were renamed; none is ever deleted. */
  readonly setAside: readonly string[];
  /** The backup it began with; null when there was none that is good, or none was needed. */
  readonly backup: string | null;
  /** Groups of writes done again from the redo journal. */
  readonly replayed: number;
  /** Rows taken from damaged files, by table. */
  readonly salvaged: Readonly<Record<string, number>>;
  /** Rows left out because their content was not what was stored, in everything they could be taken from. */
  readonly dropped: number;
  /** Groups of writes of which something acknowledged can be lost; null when nothing is. */
  readonly lost: LostRange | null;
}

/** Whether all that was acknowledged is known to be there. */
export function isWhole({ lost, dropped }: RepairReport): boolean {
  return lost === null && dropped === 0;
}

/** Whether somebody has to know of it: something may be lost, or a file that was put there, perhaps on purpose, is not used. */
export function wantsAttention(report: RepairReport): boolean {
  return !isWhole(report) || report.cause === 'foreign';
}

/** A repair as one sentence for the log. */
export function repairText({ cause, backup, replayed, lost, dropped }: RepairReport): string {
  const from = backup === null ? 'without a backup' : `from the backup ${backup}`;
  const why = cause === 'foreign' ? 'its file was of another store and is set aside' : cause;
  const done = `the memory store was repaired (${why}) ${from}, with ${replayed} groups of writes done again`;
  if (lost === null)
    return dropped === 0 ? `${done}; nothing acknowledged is lost` : `${done}; ${dropped} rows were beyond repair`;
  const range = lost.to === null ? `after group ${lost.from - 1}` : `in the groups ${lost.from} to ${lost.to}`;
  return `${done}; of what was written ${range} only what could still be read is there`;
}
