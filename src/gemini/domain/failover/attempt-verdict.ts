import { type DefectKind } from '../answer-defect.js';
import { quotaVerdict } from '../quota/quota-verdict.js';
import { type UpstreamError } from '../upstream-error.js';
import { errorVerdict } from './error-verdict.js';
import { type AttemptResult, type AttemptVerdict } from './verdict.js';

/** What the verdict needs to know besides the result. */
export interface VerdictContext {
  /** Time now, ms since the Unix epoch. */
  readonly wall: number;
  /** Wait asked for by the headers of the answer, ms. */
  readonly headerMs?: number | undefined;
  /** Longest wait for the same target, ms; a longer one counts as a refusal. */
  readonly waitLimitMs: number;
}

const PLAIN = {
  silent: { cause: 'silent', retry: 'elsewhere', others: 'any', circuit: 'failure' },
  stalled: { cause: 'stalled', retry: 'elsewhere', others: 'any', circuit: 'failure' },
  // A client in a hurry says nothing about the health of the upstream.
  late: { cause: 'late', retry: 'never', others: 'none', circuit: 'ignore' },
  aborted: { cause: 'aborted', retry: 'never', others: 'none', circuit: 'ignore' },
  local: { cause: 'local', retry: 'never', others: 'none', circuit: 'ignore' },
} as const satisfies Record<string, AttemptVerdict>;

/** Judges how an attempt ended: the rules of retries, failover and circuits in one place. */
export function attemptVerdict(result: AttemptResult, context: VerdictContext): AttemptVerdict {
  switch (result.kind) {
    case 'answered':
      return { cause: 'answered', retry: 'never', others: 'none', circuit: 'success' };
    case 'error':
      return upstreamVerdict(result.error, context);
    case 'defect':
      return result.upstream === undefined ? defectVerdict(result.defect) : upstreamVerdict(result.upstream, context);
    case 'connection':
      // A certificate or a protocol that is wrong seldom comes right within a call.
      return {
        cause: 'connection',
        retry: 'same',
        others: 'any',
        circuit: 'failure',
        max: result.fault === 'tls' || result.fault === 'protocol' ? 2 : 3,
      };
    default:
      return PLAIN[result.kind];
  }
}

function defectVerdict(defect: DefectKind): AttemptVerdict {
  // It would be as large again, and the limit is the node's own.
  if (defect === 'event_too_large') return { cause: 'defect', retry: 'never', others: 'none', circuit: 'ignore' };
  if (defect === 'too_slow') return PLAIN.stalled;
  // The target has answered; what it said does not fit, and once more, asked in another way, it may.
  if (defect === 'no_seam') return { cause: 'defect', retry: 'same', others: 'any', circuit: 'success', max: 3 };
  // A part came whole, and the next is asked of who gave it.
  if (defect === 'continues') return { cause: 'part', retry: 'same', others: 'none', circuit: 'success' };
  // It mostly comes out the same for the same context: one more try, then it stands.
  if (defect === 'bad_call') return { cause: 'bad_call', retry: 'same', others: 'none', circuit: 'success', max: 2 };
  // The prompt may be what makes the model say nothing: no evidence against the target.
  if (defect === 'empty') return { cause: 'defect', retry: 'same', others: 'any', circuit: 'ignore', max: 3 };
  return { cause: 'defect', retry: 'same', others: 'any', circuit: 'failure', max: 2 };
}

function upstreamVerdict(error: UpstreamError, context: VerdictContext): AttemptVerdict {
  if (error.status !== 429) return withinWait(errorVerdict(error, context.headerMs), context.waitLimitMs);
  const quota = quotaVerdict(error, context);
  const { restMs } = quota;
  const wait = restMs === undefined ? {} : { waitMs: restMs };
  if (quota.kind === 'capacity') {
    const full = { cause: 'capacity', retry: 'same', others: 'any', circuit: 'failure', max: 3, quota } as const;
    return withinWait({ ...full, ...wait }, context.waitLimitMs);
  }
  const used = { cause: 'quota', others: 'any', circuit: 'ignore', max: 3, quota, ...wait } as const;
  return quota.kind === 'per_day'
    ? { ...used, retry: 'elsewhere' }
    : withinWait({ ...used, retry: 'same' }, context.waitLimitMs);
}

function withinWait(verdict: AttemptVerdict, limitMs: number): AttemptVerdict {
  return verdict.retry === 'same' && (verdict.waitMs ?? 0) > limitMs ? { ...verdict, retry: 'elsewhere' } : verdict;
}
