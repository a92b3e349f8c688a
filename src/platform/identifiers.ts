import { randomFillSync } from 'node:crypto';
import { type IncomingMessage } from 'node:http';
import { formatTraceparent, parseTraceparent, type TraceContext } from '../kernel/trace-context.js';

/** Names one request in logs, headers and errors. */
export interface RequestIdentity {
  /** The client's `x-request-id` when it is safe to repeat, else the trace id. */
  readonly requestId: string;
  readonly traceId: string;
  /** The node's own span of the trace. */
  readonly spanId: string;
  /** `traceparent` with this node's own span, for the upstream and for the answer. */
  readonly traceparent: string;
}

// Randomness is drawn in pages: one system call for hundreds of identifiers.
const page = Buffer.alloc(4096);
let used = page.length;

/** Random lower-case hex text of `bytes` × 2 digits. */
export function randomHex(bytes: number): string {
  if (used + bytes > page.length) {
    randomFillSync(page);
    used = 0;
  }
  used += bytes;
  return page.toString('hex', used - bytes, used);
}

const SAFE_REQUEST_ID = /^[\w.:/+=@-]{1,128}$/;

/** Identity of a request, from its headers where they are usable and made up where not. */
export function identify(request: IncomingMessage): RequestIdentity {
  const { headers } = request;
  const header = headers['traceparent'];
  const incoming = typeof header === 'string' ? parseTraceparent(header) : undefined;
  const traceId = incoming?.traceId ?? randomHex(16);
  return identityIn(request, { traceId, spanId: randomHex(8), flags: incoming?.flags ?? '00' });
}

/** Identity of a request whose place in a trace is settled. */
export function identityIn({ headers }: IncomingMessage, context: TraceContext): RequestIdentity {
  const given = headers['x-request-id'];
  const { traceId, spanId } = context;
  return {
    requestId: typeof given === 'string' && SAFE_REQUEST_ID.test(given) ? given : traceId,
    traceId,
    spanId,
    traceparent: formatTraceparent(context),
  };
}
