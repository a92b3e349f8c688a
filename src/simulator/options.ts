import { type IncomingMessage } from 'node:http';
import { type Clock } from '../kernel/clock.js';
import { type FaultPlan } from './domain/fault-plan.js';
import { type ModelOverride } from './domain/model-table.js';
import { type QuotaLimits } from './domain/quota.js';
import { type RequestRecord } from './request-journal.js';

/** How a simulator is set up; everything has a default. */
export interface SimulatorOptions {
  /** Address to listen on; the loopback address unless named. */
  readonly host?: string;
  /** Port to listen on; any free one when 0 or absent. */
  readonly port?: number;
  /** Time for windows, quotas and expiry; the process's own unless named. */
  readonly clock?: Clock;
  /** What goes wrong from the start. */
  readonly faults?: FaultPlan;
  /** Pause between two streamed events, in milliseconds (15); a unary answer takes as long as its stream would. */
  readonly wordDelayMs?: number;
  /** Whether a request without any key is refused with 403 (true). */
  readonly requireKey?: boolean;
  /** Limits per project and model; none unless named. A fault plan may put others in their place. */
  readonly quota?: QuotaLimits;
  /**
   * Which project a key belongs to; a key that is not named is a project of its own. Quotas are per project, and so are
   * files, caches, uploads and interactions: a foreign one is answered like one that is not there.
   */
  readonly projects?: Readonly<Record<string, string>>;
  /** Models to add, or fields of known ones to change. */
  readonly models?: readonly ModelOverride[];
  /** Whether all models word the same answer to the same conversation (false). */
  readonly sameTextForAllModels?: boolean;
  /** Whether answers are compressed for those who accept it (false). */
  readonly gzip?: boolean;
  /** How many requests the journal remembers (1,000). */
  readonly journalSize?: number;
  /** Largest request body, in bytes (64 MiB, which is also the most). */
  readonly maxBodyBytes?: number;
  /** Called with each request once its body is there: for tests that need the exact bytes and headers. */
  readonly onRequest?: (record: RequestRecord, body: Buffer, request: IncomingMessage) => void;
}

/** Largest request body ever taken, in bytes. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;
