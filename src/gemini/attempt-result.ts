import { gatewayError } from '../kernel/error-codes.js';
import { type GatewayError } from '../kernel/gateway-error.js';
import { connectionFault } from '../http-client/index.js';
import { type ShedReason } from '../resilience/index.js';
import { type AttemptResult, type AttemptVerdict } from './domain/failover/verdict.js';
import { type RunResult } from './run.js';

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

/** What is said to a call that found no place among the attempts at a model. */
export function overloaded(why: ShedReason, retryAfterMs: number): GatewayError {
  return gatewayError('OVERLOADED', SHED[why], { retryAfterMs });
}

/** What is said when no target could be asked at all. */
export function nobodyReady(resting: boolean, retryAfterMs: number | undefined): GatewayError {
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  return resting
    ? gatewayError('QUOTA_EXHAUSTED', 'The quota of every key that could answer is used up.', wait)
    : gatewayError('CIRCUIT_OPEN', 'Every target that could answer is failing and is given a rest.', wait);
}

/** The verdict on a refusal by the node itself: another target may be free or, where the model is full, another model. */
export function refusalOf({ code }: GatewayError): AttemptVerdict {
  return { cause: code === 'OVERLOADED' ? 'crowded' : 'local', retry: 'elsewhere', others: 'any', circuit: 'ignore' };
}
