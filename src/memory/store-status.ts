import { type RepairReport } from './domain/repair-report.js';

/** Where the store stands: first attempt to open it under way, open for writes, or not usable for them. */
export type StoreState = 'opening' | 'ready' | 'unusable';

/** What the node tells of its store; nothing in it is secret. */
export interface StoreStatus {
  readonly state: StoreState;
  /** Why it is unusable, as the middle of a sentence. */
  readonly reason?: string;
  /** When it came into this state, ISO 8601 in UTC. */
  readonly since: string;
  /** Name of the database file without its directory, or host and database of the server. */
  readonly path: string;
  /** Whether stored data can be read; it often can while writes cannot be taken. */
  readonly readable: boolean;
  /** Whether the node is to be ready only while the state is `ready`. */
  readonly required: boolean;
  /** The last repair of this process. */
  readonly lastRepair?: RepairReport;
}
