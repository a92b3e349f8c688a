import { isRecord, type UpstreamError } from '../upstream-error.js';
import { type AttemptVerdict } from './verdict.js';

/** Reasons (google.rpc.ErrorInfo) for which a key, or the project it belongs to, is of no use to anyone. */
const KEY_REASONS = new Set([
  'API_KEY_INVALID',
  'API_KEY_EXPIRED',
  'API_KEY_SERVICE_BLOCKED',
  'API_KEY_HTTP_REFERRER_BLOCKED',
  'API_KEY_IP_ADDRESS_BLOCKED',
  'API_KEY_ANDROID_APP_BLOCKED',
  'API_KEY_IOS_APP_BLOCKED',
  'ACCOUNT_STATE_INVALID',
  'ACCESS_TOKEN_EXPIRED',
  'ACCESS_TOKEN_TYPE_UNSUPPORTED',
  'BILLING_DISABLED',
  'CONSUMER_INVALID',
  'CONSUMER_SUSPENDED',
  'CREDENTIALS_MISSING',
  'SERVICE_DISABLED',
  'USER_PROJECT_DENIED',
]);

/** The same in words, for errors without details and for Google's OpenAI surface. */
const KEY_WORDS: readonly (readonly [RegExp, string])[] = [
  [/api[ _]key.{0,40}(?:reported as )?leaked/i, 'API_KEY_LEAKED'],
  [/api[ _]key expired/i, 'API_KEY_EXPIRED'],
  [/api[ _]key (?:not valid|not found|is invalid)|pass a valid api[ _]key/i, 'API_KEY_INVALID'],
  [/has been suspended|consumer .{0,80}suspended/i, 'CONSUMER_SUSPENDED'],
];

/** A request that is too long for the model, as Gemini, Vertex AI and other servers of the OpenAI dialect word it. */
const TOO_LONG = [
  /token count.{0,80}(?:exceeds|only supports)/i,
  /exceed(?:s|ed|ing)? the (?:maximum|max) (?:number of (?:input )?tokens|(?:input )?token|context)/i,
  /context[ _]length[ _]exceeded|maximum context length/i,
  /(?:exceed|larger than|longer than|too (?:long|large) for|beyond).{0,40}context (?:window|length|size|limit)/i,
  /context (?:window|length|size) (?:limit )?(?:is |was )?exceeded/i,
  /(?:prompt|input|request|context|conversation) (?:is |contains |has )?too (?:long|many (?:input )?tokens)/i,
];
const COUNTED = /token count (?:is )?\(?(\d{1,12})\)?/i;

/** Attempts at one target per status: repeated 500 means that the prompt is at fault, 504 that more time is needed. */
const TRIES: Readonly<Record<number, number>> = { 408: 3, 499: 2, 500: 3, 502: 3, 503: 3, 504: 2 };
const OTHER_SERVER_ERROR_TRIES = 2;

const CLIENT_ERROR: AttemptVerdict = { cause: 'client_error', retry: 'never', others: 'none', circuit: 'ignore' };

/** Judges an error answer other than 429; `headerMs` is the wait its headers ask for, ms. */
export function errorVerdict(error: UpstreamError, headerMs: number | undefined): AttemptVerdict {
  const { status } = error;
  if (status === 400 || status === 401 || status === 403) return refusalVerdict(error);
  const tries = TRIES[status] ?? (status >= 500 && status !== 501 ? OTHER_SERVER_ERROR_TRIES : undefined);
  if (tries === undefined) return CLIENT_ERROR;
  const waitMs = longest(error.retryAfterMs, headerMs);
  return {
    cause: status === 503 || status === 504 ? 'overload' : 'server_error',
    retry: 'same',
    others: 'any',
    // 408 and 499 are 4xx by number: neutral, though worth another try.
    circuit: status >= 500 ? 'failure' : 'ignore',
    max: tries,
    ...(waitMs === undefined ? {} : { waitMs }),
  };
}

function refusalVerdict(error: UpstreamError): AttemptVerdict {
  const keyFault = keyFaultOf(error);
  if (keyFault !== undefined) {
    return { cause: 'key', retry: 'elsewhere', others: 'keys', circuit: 'ignore', keyFault };
  }
  // What this key may not see (a file, a tuned model) another key may own.
  if (error.status === 403) return { cause: 'key', retry: 'elsewhere', others: 'keys', circuit: 'ignore' };
  if (error.status === 400 && TOO_LONG.some((words) => words.test(error.message))) {
    const counted = COUNTED.exec(error.message)?.[1];
    const tokens = counted === undefined ? {} : { tokens: Number(counted) };
    return { cause: 'too_long', retry: 'elsewhere', others: 'larger', circuit: 'ignore', ...tokens };
  }
  return CLIENT_ERROR;
}

function keyFaultOf(error: UpstreamError): string | undefined {
  for (const detail of error.details) {
    if (!isRecord(detail)) continue;
    const { reason } = detail;
    if (typeof reason === 'string' && KEY_REASONS.has(reason)) return reason;
  }
  const worded = KEY_WORDS.find(([words]) => words.test(error.message))?.[1];
  return worded ?? (error.status === 401 ? 'UNAUTHENTICATED' : undefined);
}

function longest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}
