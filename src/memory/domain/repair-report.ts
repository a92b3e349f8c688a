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
  /** Groups of writes of which something acknowledged can be lost; null when nothing is. */
  readonly lost: LostRange | null;
}
