import { type EntityManager } from 'typeorm';
import { type CommitGroup } from './domain/group-queue.js';
import { type RepairReport } from './domain/repair-report.js';
import { type StoreFault } from './domain/store-fault.js';

/** What a piece of work reads from the database. */
export type ReadWork<T> = (manager: EntityManager) => Promise<T>;

/** What is known of the copies that make the database safe. */
export interface CopyFigures {
  /** Bytes of the redo journal. */
  readonly redoBytes: number;
  /** When the newest backup was made, ms since the epoch by the wall clock; undefined when there is none. */
  readonly backedUpAt: number | undefined;
}

/** The database behind the store. All its methods throw StoreFault for what is wrong with the database itself. */
export interface Database {
  /** What it is called where it is shown; nothing in it is secret. */
  readonly name: string;
  /** Most reads that run at once; more would only wait inside of it. */
  readonly readsAtOnce: number;
  /** Whether stored data can be read now; it often can while nothing can be written. */
  readonly readable: boolean;
  /** Where it keeps copies of its own. */
  readonly copies?: CopyFigures;
  /** Opens it, or opens it anew, brings its schema up to date and proves by a write that it takes one. */
  open(): Promise<void>;
  /** Makes a group of writes durable, all or none; throws what a statement of the group fails with. One at a time. */
  readonly commit: CommitGroup;
  /** Runs work that only reads; it sees every acknowledged write. Several statements of one work are no snapshot. */
  read<T>(work: ReadWork<T>): Promise<T>;
  /** Verifies what is stored, as it is on the disk. */
  check(): Promise<void>;
  /** Closes it with everything in it. Rejects when that fails; nothing acknowledged is lost by it. */
  close(): Promise<void>;
}

/** The store a database belongs to, as the database sees it. */
export interface DatabaseHost {
  /** Resolves when the work that now runs on the database has ended. */
  idle(): Promise<unknown>;
  /** Takes a fault that was found beside the writes; the store opens the database anew. */
  alarm(fault: StoreFault): void;
  /** Takes what a repair has come to. */
  repaired(report: RepairReport): void;
}
