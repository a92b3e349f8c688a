import { gatewayError } from '../kernel/error-codes.js';
import { type GatewayError } from '../kernel/gateway-error.js';
import { connectionFault } from '../http-client/index.js';
import { type ShedReason } from '../resilience/index.js';
import { type PlanStep } from './domain/failover/target-plan.js';
import { type AttemptResult, type AttemptVerdict } from './domain/failover/verdict.js';
import { type RunResult } from './run-result.js';

const SHED: Readonly<Record<ShedReason, string>> = {
  crowded: 'As many calls as may wait for this model do so already.',
  expired: 'No place among the calls to this model fell free in time.',
  hopeless: 'At the pace of late no place among the calls to this model falls free in time.',
};

/** How a run ended, in the terms in which attempts are judged. */
export function attemptResult({ outcome, refused, failed, defect }: RunResult): AttemptResult {
  if (outcome === 'ok') return { kind: 'answered' };
  if (outcome === 'aborted') return { kind: 'aborted' };
  if (defect !== undefined) return { kind: 'defect', defect: defect.kind, upstream: refused?.error };
  if (refused !== undefined) return { kind: 'error', error: refused.error };
  switch (failed?.code) {
    case 'FIRST_TOKEN_TIMEOUT':
      return { kind: 'silent' };
    case 'STREAM_STALLED':
      return { kind: 'stalled' };
    case 'UPSTREAM_UNREACHABLE':
    case 'STREAM_INCOMPLETE':
      return { kind: 'connection', fault: connectionFault(failed.cause) ?? 'reset' };
    case undefined:
      // Given up with the call itself: its time was over.
      return { kind: 'late' };
    default:
      return { kind: 'local' };
  }
}

/** A refused quota with the wait that it really means: until its reset, where Google names some seconds. */
export function understood(result: RunResult, { quota }: AttemptVerdict): RunResult {
  return quota?.restMs === undefined ? result : readyIn(result, quota.restMs);
}

/** What the caller of a call gets that nobody could answer: the error of an attempt, or why none was made. */
export function unanswered(
  original: RunResult | undefined,
  { why, retryAfterMs, cause }: Extract<PlanStep, { kind: 'stop' }>,
): RunResult {
  if (original === undefined)
    return { outcome: 'broken', status: undefined, failed: nobodyReady(why === 'resting', retryAfterMs, cause) };
  return retryAfterMs === undefined ? original : readyIn(original, retryAfterMs);
}

/** A refused quota with the time after which somebody could answer, ms; any other result as it is. */
function readyIn(result: RunResult, retryAfterMs: number): RunResult {
  const { refused } = result;
  if (refused?.error.status !== 429) return result;
  return { ...result, refused: { ...refused, error: { ...refused.error, retryAfterMs } } };
}

/** What is said to a call that found no place among the attempts at a model. */
export function overloaded(why: ShedReason, retryAfterMs: number): GatewayError {
  return gatewayError('OVERLOADED', SHED[why], { retryAfterMs });
}

/** What is said when no target could be asked at all. */
export function nobodyReady(resting: boolean, retryAfterMs: number | undefined, cause?: string): GatewayError {
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  const told = cause === undefined ? '' : `: ${cause}`;
  return resting
    ? gatewayError('QUOTA_EXHAUSTED', 'The quota of every key that could answer is used up.', wait)
    : gatewayError('CIRCUIT_OPEN', `Every target that could answer is given a rest${told}.`, wait);
}

/** The verdict on a refusal by the node itself: another target may be free or, where the model is full, another model. */
export function refusalOf({ code }: GatewayError): AttemptVerdict {
  return { cause: code === 'OVERLOADED' ? 'crowded' : 'local', retry: 'elsewhere', others: 'any', circuit: 'ignore' };
}
