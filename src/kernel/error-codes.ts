import { type ErrorOrigin, GatewayError } from './gateway-error.js';

interface CodeFacts {
  readonly status: number;
  readonly origin: ErrorOrigin;
  /** Short title, the same for every occurrence (RFC 9457 `title`). */
  readonly title: string;
  /** What the person who meets it can do. */
  readonly remedy: string;
}

/** Every error the node makes itself. The page `docs/errors.md` is generated from this table. */
export const ERROR_CODES = {
  BAD_REQUEST: {
    status: 400,
    origin: 'client',
    title: 'The request is not valid',
    remedy: 'Correct what the message names and send the request again.',
  },
  UNAUTHENTICATED: {
    status: 401,
    origin: 'client',
    title: 'Credentials are missing or wrong',
    remedy: 'Send one of the configured keys in the place the client uses for its API key, or the token asked for.',
  },
  FORBIDDEN: {
    status: 403,
    origin: 'client',
    title: 'Access is not allowed from here',
    remedy: 'Set ADMIN_TOKEN and send it as a Bearer token, or call from the machine the node runs on.',
  },
  NOT_FOUND: {
    status: 404,
    origin: 'client',
    title: 'There is nothing at this address',
    remedy: 'Compare the path with the list at /docs.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    origin: 'client',
    title: 'The method is not allowed here',
    remedy: 'Use a method named in the Allow header.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    origin: 'client',
    title: 'The request did not arrive in time',
    remedy: 'Send the body faster, or raise REQUEST_RECEIVE_TIMEOUT.',
  },
  CONFLICT: {
    status: 409,
    origin: 'client',
    title: 'The request conflicts with the state of the node',
    remedy: 'Read the state again and repeat the request if it still makes sense.',
  },
  PRECONDITION_FAILED: {
    status: 412,
    origin: 'client',
    title: 'The item is not as the request expects it',
    remedy: 'Read the item again, decide anew, and send the ETag it has now in If-Match.',
  },
  REQUEST_TOO_LARGE: {
    status: 413,
    origin: 'client',
    title: 'The request is too large',
    remedy: 'Send large media through the Files API, or raise REQUEST_BODY_LIMIT.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    origin: 'client',
    title: 'The idempotency key belongs to another request',
    remedy: 'Send a new Idempotency-Key with every new message; the same one only to repeat the very same request.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    origin: 'client',
    title: 'The request headers are too large',
    remedy: 'Send fewer or shorter headers.',
  },
  INTERNAL: {
    status: 500,
    origin: 'local',
    title: 'The node made a mistake',
    remedy: 'Report it with the request id; the log has the details under that id.',
  },
  LIVE_NOT_SUPPORTED: {
    status: 501,
    origin: 'client',
    title: 'Live sessions are not served',
    remedy: 'Connect Live (WebSocket) sessions to Gemini directly.',
  },
  UPSTREAM_UNREACHABLE: {
    status: 502,
    origin: 'upstream',
    title: 'Gemini could not be reached',
    remedy: 'Try again; check GEMINI_BASE_URL and the network if it stays.',
  },
  UPSTREAM_BROKEN_ANSWER: {
    status: 502,
    origin: 'upstream',
    title: 'Gemini sent something that is no answer',
    remedy: 'Try again; the message says what arrived.',
  },
  STREAM_INCOMPLETE: {
    status: 502,
    origin: 'upstream',
    title: 'The answer ended before it was complete',
    remedy: 'Discard the partial answer and try again.',
  },
  EMPTY_ANSWER: {
    status: 502,
    origin: 'upstream',
    title: 'Gemini finished without an answer',
    remedy: 'Try again; change the prompt if it stays.',
  },
  OVERLOADED: {
    status: 503,
    origin: 'local',
    title: 'The node is at its limit',
    remedy: 'Wait as long as Retry-After says; run more nodes if it stays.',
  },
  DRAINING: {
    status: 503,
    origin: 'local',
    title: 'The node is shutting down',
    remedy: 'Send the request again; another node or the next life of this one takes it.',
  },
  CIRCUIT_OPEN: {
    status: 503,
    origin: 'local',
    title: 'Every target that could answer is failing',
    remedy: 'Wait as long as Retry-After says; GET /self/circuits names what failed and when it is tried again.',
  },
  RATE_LIMITED: {
    status: 429,
    origin: 'client',
    title: 'The client sends more than it may',
    remedy:
      'Wait as long as Retry-After says; the RateLimit header of every answer tells what is left. RATE_LIMIT_REQUESTS is the limit; behind a proxy set TRUST_PROXY, or all its clients count as one.',
  },
  QUOTA_EXHAUSTED: {
    status: 429,
    origin: 'upstream',
    title: 'Every key rests because its quota is used up',
    remedy: 'Wait as long as Retry-After says, add keys of other projects, or name fallback models.',
  },
  STORE_UNAVAILABLE: {
    status: 503,
    origin: 'local',
    title: 'The memory store is not usable',
    remedy: 'Try again; GET /health names what is wrong with the store.',
  },
  DEADLINE_EXCEEDED: {
    status: 504,
    origin: 'upstream',
    title: 'No whole answer before the deadline',
    remedy: 'Allow more time, or ask for a shorter answer or a faster model.',
  },
  FIRST_TOKEN_TIMEOUT: {
    status: 504,
    origin: 'upstream',
    title: 'Gemini stayed silent',
    remedy: 'Try again; raise TTFT_TIMEOUT_MS and TTFT_TIMEOUT_FLOOR for models that think long.',
  },
  STREAM_STALLED: {
    status: 504,
    origin: 'upstream',
    title: 'The answer stopped in its middle',
    remedy: 'Discard the partial answer and try again.',
  },
} as const satisfies Record<string, CodeFacts>;

/** Name of an error the node makes itself. */
export type ErrorCode = keyof typeof ERROR_CODES;

interface ErrorExtras {
  readonly retryAfterMs?: number;
  readonly param?: string;
  readonly cause?: unknown;
}

/** Makes the error of a code; `message` is shown to the caller, so it holds no secret and no long input. */
export function gatewayError(code: ErrorCode, message: string, extras: ErrorExtras = {}): GatewayError {
  const { status, origin } = ERROR_CODES[code];
  return new GatewayError(message, { code, status, origin, ...extras });
}

/** Title of a code, or of its status class when the code is not one of the node's own. */
export function titleOf(code: string): string {
  return code in ERROR_CODES ? ERROR_CODES[code as ErrorCode].title : 'The request failed';
}
