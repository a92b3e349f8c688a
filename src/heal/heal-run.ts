import { type Cause, type Evidence } from '../kernel/cause.js';
import { type HealLevel } from '../kernel/heal-level.js';

/** Record of one step of a run. */
export interface StepRecord {
  readonly name: string;
  readonly level: HealLevel;
  readonly result: 'ok' | 'failed' | 'timeout';
  readonly duration_ms: number;
  readonly before: Evidence;
  readonly after: Evidence;
  /** What its check found still not well, or why it failed. */
  readonly detail?: string;
}

/** What a run has come to: `pending` while nothing has shown it, `unproven` when nothing ever did. */
export type Verdict = 'cured' | 'not_cured' | 'pending' | 'unproven' | 'no_fault';

/** Something that was not well when a run began, or is not when it has ended. */
export interface Complaint {
  readonly name: string;
  readonly cause: Cause;
  readonly severity: 'degraded' | 'unhealthy';
  readonly reason: string;
  readonly evidence: Evidence;
}

/** Record of one run, as `POST /self/heal` answers it and the journal keeps it. */
export interface HealRun {
  readonly run_id: string;
  readonly status: 'OK' | 'PARTIAL' | 'FAILED';
  readonly actions: readonly string[];
  readonly timestamp: string;
  readonly by: string;
  readonly level: HealLevel;
  /** What it was to cure; null for one that was asked for while nothing was wrong. */
  readonly cause: Cause | null;
  readonly reason: string;
  readonly evidence: Evidence;
  readonly steps: readonly StepRecord[];
  readonly duration_ms: number;
  /** Names of what was not well before and after it. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly verdict: Verdict;
  readonly verdict_reason: string;
}
