import { type GatewayError } from '../../kernel/gateway-error.js';
import { type StreamForm, type Surface } from './route.js';
import { rpcStatusOf, type UpstreamError } from './upstream-error.js';

/** An error as it is shown to a client, before it is put into a dialect. */
export interface ShownError {
  readonly status: number;
  readonly rpcStatus: string;
  readonly message: string;
  /** Stable code: the node's own, or the upstream's reason. */
  readonly code: string;
  readonly details: readonly unknown[];
  /** The upstream's own error object, kept whole on its own surface. */
  readonly original?: Readonly<Record<string, unknown>> | undefined;
  readonly param: string | null;
  readonly retryAfterMs: number | undefined;
}

const TYPE = 'type.googleapis.com/google.rpc.';

/** An error of the node: its code goes into `ErrorInfo.reason`, the wait into `RetryInfo`. */
export function showOwn(error: GatewayError, requestId: string): ShownError {
  const { status, message, code, param, retryAfterMs } = error;
  const details: unknown[] = [
    { '@type': `${TYPE}ErrorInfo`, reason: code, domain: 'l104' },
    { '@type': `${TYPE}RequestInfo`, requestId },
  ];
  if (retryAfterMs !== undefined) {
    details.push({ '@type': `${TYPE}RetryInfo`, retryDelay: `${Math.ceil(retryAfterMs) / 1000}s` });
  }
  return { status, rpcStatus: rpcStatusOf(status), message, code, details, param: param ?? null, retryAfterMs };
}

/** An error of the upstream keeps its status, message and details. */
export function showUpstream(error: UpstreamError): ShownError {
  return { ...error, code: error.reason ?? error.rpcStatus, param: null };
}

/** The body of an error answer, as a JSON object in the surface's dialect. */
export function errorBody(surface: Surface, error: ShownError): { error: Record<string, unknown> } {
  const { status, rpcStatus, message, code, details, param, original } = error;
  const more = details.length === 0 ? {} : { details };
  if (surface === 'gemini') return { error: original ?? { code: status, message, status: rpcStatus, ...more } };
  return { error: { message, type: openAiType(status), code, param, status: rpcStatus, ...more } };
}

function openAiType(status: number): string {
  if (status === 401 || status === 403) return 'authentication_error';
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}

/**
 * The last thing a client reads of a stream that failed after its head was sent. The
 * connection is broken behind it, because most clients take an error event for a clean end.
 */
export function errorFrame(form: StreamForm, error: ShownError, requestId: string): string {
  const surface = form === 'openai-sse' ? 'openai' : 'gemini';
  const body = { ...errorBody(surface, error), l104: { code: error.code, request_id: requestId } };
  const json = JSON.stringify(body);
  return form === 'gemini-array' ? `,\r\n${json}` : `data: ${json}\r\n\r\n`;
}
