import { type IncomingMessage } from 'node:http';
import { type CredentialHeader } from './credentials.js';
import { upstreamHeaders } from './domain/headers.js';
import { retargetBody, retargetPath } from './domain/retarget.js';
import { type Route } from './domain/route.js';
import { type AttemptRequest } from './upstream-attempt.js';

/** What one attempt sends besides the client's own request. */
interface Sent {
  readonly body: Buffer | IncomingMessage | null;
  readonly traceparent: string;
  readonly credential: CredentialHeader | undefined;
  /** The answer is looked into, so it must not come compressed. */
  readonly inspected: boolean;
  /** Milliseconds until the deadline of the call. */
  readonly leftMs: number;
}

/** An attempt's method, headers and body, from the client's request. */
export function outgoing(request: IncomingMessage, sent: Sent): Pick<AttemptRequest, 'method' | 'headers' | 'body'> {
  const { body, traceparent, credential, inspected, leftMs } = sent;
  const headers = upstreamHeaders(request.rawHeaders, { credential, traceparent, identity: inspected, leftMs });
  const length = request.headers['content-length'];
  if (body === request && length !== undefined) headers.push('content-length', length);
  return { method: request.method ?? 'GET', headers, body };
}

/** Path and body of a call. */
export interface Address {
  readonly path: string;
  readonly bytes: Buffer | IncomingMessage | null;
}

/** Path and body of a call, for another model where one is named. */
export function addressed(route: Route, body: Buffer, other: string | undefined): Address {
  const whole = body.length === 0 ? null : body;
  if (other === undefined) return { path: route.target, bytes: whole };
  if (route.surface === 'gemini') return { path: retargetPath(route.target, other), bytes: whole };
  return { path: route.target, bytes: retargetBody(body, other) };
}
