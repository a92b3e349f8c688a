import { type BackupName } from './backup-retention.js';
import { covers, type Mark, type RedoReach } from './repair-plan.js';

/** What is known when it is decided whether a backup is due. Bytes, and ms of the wall clock. */
export interface BackupFacts {
  readonly now: number;
  readonly mark: Mark;
  readonly reach: RedoReach;
  readonly newest: BackupName | undefined;
  readonly databaseBytes: number;
  /** Bytes of the redo journal that the newest backup does not make needless. */
  readonly redoBytes: number;
}

/** When a backup is made. */
export interface BackupRules {
  readonly intervalMs: number;
  /** Bytes of redo journal that may come together before one; half the size of the database where that is more. */
  readonly redoBytes: number;
}

/** Whether the newest backup and the journal, or the journal alone, are together everything that is stored. */
export function isCovered({ mark, newest, reach }: Pick<BackupFacts, 'mark' | 'newest' | 'reach'>): boolean {
  const base = newest?.sequence ?? 0;
  return base >= mark.sequence || covers(reach, base);
}

/**
 * Whether a backup is to be made now: there is none to begin a repair with, time or the journal's size asks for one,
 * or the newest and the journal do not join, so that together they are not everything.
 */
export function backupDue(facts: BackupFacts, rules: BackupRules): boolean {
  const { mark, newest } = facts;
  if (newest === undefined) return mark.sequence > 0;
  if (newest.sequence >= mark.sequence) return false;
  if (!isCovered(facts)) return true;
  // The wall clock may have stepped back: a backup of the future is none to wait for.
  const old = Math.abs(facts.now - newest.at) >= rules.intervalMs;
  return old || facts.redoBytes > Math.max(rules.redoBytes, facts.databaseBytes / 2);
}
