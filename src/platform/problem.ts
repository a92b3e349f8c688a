import { type GatewayError } from '../kernel/gateway-error.js';
import { titleOf } from '../kernel/error-codes.js';

/** An error as RFC 9457 writes it, with the members this node adds. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly request_id: string;
  readonly retry_after_seconds?: number;
}

/** The `application/problem+json` body of an error. `type` leads to the description of its code. */
export function problemOf(error: GatewayError, instance: string, requestId: string): Problem {
  return {
    type: `/docs/errors#${error.code.toLowerCase()}`,
    title: titleOf(error.code),
    status: error.status,
    detail: error.message,
    instance,
    code: error.code,
    request_id: requestId,
    ...(error.retryAfterMs === undefined ? {} : { retry_after_seconds: Math.ceil(error.retryAfterMs / 1000) }),
  };
}

/** Waits longer than this are not worth a client's own retry, ms. */
const LONGEST_CLIENT_WAIT_MS = 60_000;

/**
 * `Retry-After` and its companions as name–value pairs. `x-should-retry: false` stops
 * the clients that sleep any `Retry-After`, however long.
 */
export function retryHeaders(retryAfterMs: number | undefined, alreadyRetried = false): [string, string][] {
  const stop: [string, string][] = [['x-should-retry', 'false']];
  if (retryAfterMs === undefined) return alreadyRetried ? stop : [];
  return [
    ['retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1000)))],
    ['retry-after-ms', String(Math.ceil(retryAfterMs))],
    ...(alreadyRetried || retryAfterMs > LONGEST_CLIENT_WAIT_MS ? stop : []),
  ];
}
