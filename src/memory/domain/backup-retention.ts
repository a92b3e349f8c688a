import { STORE_ID } from './store-identity.js';

/** What the name of a backup tells. */
export interface BackupName {
  readonly name: string;
  /** When it was begun, ms since the epoch by the wall clock. */
  readonly at: number;
  /** The last group of writes in it. */
  readonly sequence: number;
  /** The store it is of; undefined in names that an older version gave. */
  readonly store?: string | undefined;
}

/** How long backups are kept: the newest of them, so many at most, and none that is older. */
export interface BackupRetention {
  readonly count: number;
  readonly ageMs: number;
}

const NAME = new RegExp(`^(\\d{4})(\\d\\d)(\\d\\d)T(\\d\\d)(\\d\\d)(\\d\\d)Z-(\\d{16})(?:-(${STORE_ID}))?\\.db$`);

/** A wall-clock time as it stands in names of files: `20260102T030405Z`. */
export function timeInName(at: number): string {
  return new Date(at)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '');
}

/** Name of a backup; names sort by time. */
export function backupName(at: number, sequence: number, store?: string): string {
  const of = store === undefined ? '' : `-${store}`;
  return `${timeInName(at)}-${String(sequence).padStart(16, '0')}${of}.db`;
}

/** What a file's name says; undefined when it is not that of a backup. */
export function readBackupName(name: string): BackupName | undefined {
  const parts = NAME.exec(name);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, sequence, store] = parts;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) ? undefined : { name, at, sequence: Number(sequence), store };
}

/** Backups, the one that knows most first; the clock may have stepped back between two. */
export function newestFirst(backups: readonly BackupName[]): BackupName[] {
  return backups.toSorted((a, b) => b.sequence - a.sequence || b.at - a.at);
}

/** Which backups are to go. The newest always stays, whatever its age. */
export function backupsToGo(
  backups: readonly BackupName[],
  { count, ageMs }: BackupRetention,
  now: number,
): BackupName[] {
  return newestFirst(backups).filter(({ at }, place) => place > 0 && (place >= count || now - at > ageMs));
}
