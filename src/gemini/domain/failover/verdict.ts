import { type DefectKind } from '../answer-defect.js';
import { type QuotaVerdict } from '../quota/quota-verdict.js';
import { type UpstreamError } from '../upstream-error.js';

/** How an attempt ended, as far as the next step depends on it. */
export type AttemptResult =
  /** A whole answer; a blocked prompt and a safety finish are answers too. */
  | { readonly kind: 'answered' }
  /** An error answer, or an error event in place of an answer. */
  | { readonly kind: 'error'; readonly error: UpstreamError }
  /** Status 200, but no answer; `upstream` is the error the upstream reported in it. */
  | { readonly kind: 'defect'; readonly defect: DefectKind; readonly upstream?: UpstreamError | undefined }
  /** The connection failed, or broke. */
  | { readonly kind: 'connection'; readonly fault: 'connect' | 'reset' | 'timeout' | 'dns' | 'tls' | 'protocol' }
  /** The limit on the first token was reached. */
  | { readonly kind: 'silent' }
  /** A stream that had begun said nothing more, or too little. */
  | { readonly kind: 'stalled' }
  /** The deadline of the whole call was reached. */
  | { readonly kind: 'late' }
  /** The client left, or another attempt spoke first. */
  | { readonly kind: 'aborted' }
  /** The node itself refused or failed. */
  | { readonly kind: 'local' };

/** In one word, what an attempt ended with; for logs and the plan of targets. */
export type AttemptCause =
  | 'answered'
  | 'bad_call'
  | 'part'
  | 'quota'
  | 'capacity'
  | 'overload'
  | 'key'
  | 'too_long'
  | 'client_error'
  | 'server_error'
  | 'defect'
  | 'connection'
  | 'silent'
  | 'stalled'
  | 'late'
  | 'aborted'
  | 'crowded'
  | 'local';

/** What an attempt's end means for the call, the circuit and the keys. */
export interface AttemptVerdict {
  readonly cause: AttemptCause;
  /**
   * `same`: the same target may be tried again, up to `max` times, then others; `elsewhere`: others only;
   * `never`: this is what the caller gets.
   */
  readonly retry: 'same' | 'elsewhere' | 'never';
  /** Which other targets can help once this one is given up. */
  readonly others: 'any' | 'keys' | 'larger' | 'none';
  readonly circuit: 'success' | 'failure' | 'ignore';
  /** Least wait before the same target is tried again, ms: the server's own word. */
  readonly waitMs?: number;
  /** Most attempts at one target that end like this, the first included. */
  readonly max?: number;
  /** The quota that is used up, for the rest of the key. */
  readonly quota?: QuotaVerdict;
  /** Why the key itself is of no use to anyone until a person mends it. */
  readonly keyFault?: string;
  /** Tokens the request has, where the upstream counted them and found them too many. */
  readonly tokens?: number;
}
