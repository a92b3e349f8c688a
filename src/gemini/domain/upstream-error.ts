import { parseDuration } from '../../kernel/duration.js';
import { parseJson } from './json-scan.js';

/** An error the upstream reported, in a body or inside a stream. */
export interface UpstreamError {
  /** HTTP status it stands for, 400..599. */
  readonly status: number;
  /** Canonical google.rpc name, such as `UNAVAILABLE`. */
  readonly rpcStatus: string;
  readonly message: string;
  readonly details: readonly unknown[];
  /** Milliseconds the upstream asks callers to wait. */
  readonly retryAfterMs: number | undefined;
  /** `ErrorInfo.reason`, such as `API_KEY_INVALID`. */
  readonly reason: string | undefined;
  /** The error object as it came, with whatever else it holds; undefined when there was none. */
  readonly original: Readonly<Record<string, unknown>> | undefined;
}

const RPC_STATUS: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  412: 'FAILED_PRECONDITION',
  413: 'INVALID_ARGUMENT',
  416: 'OUT_OF_RANGE',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

const HTTP_STATUS = new Map(
  Object.entries(RPC_STATUS)
    .reverse()
    .map(([status, name]) => [name, Number(status)]),
).set('UNAVAILABLE', 503);

/** The canonical google.rpc name for an HTTP status. */
export function rpcStatusOf(status: number): string {
  return RPC_STATUS[status] ?? (status < 500 ? 'FAILED_PRECONDITION' : 'INTERNAL');
}

/** Reads an error out of a parsed event or body, also in Google's array form; undefined when it holds none. */
export function readUpstreamError(value: unknown, httpStatus?: number): UpstreamError | undefined {
  const holder = Array.isArray(value) ? (value[0] as unknown) : value;
  if (!isRecord(holder) || !('error' in holder)) return undefined;
  const error = isRecord(holder['error']) ? holder['error'] : { message: holder['error'] };
  const details = Array.isArray(error['details']) ? (error['details'] as unknown[]) : [];
  const status = httpStatus ?? statusOf(error);
  return {
    status,
    rpcStatus: typeof error['status'] === 'string' ? error['status'] : rpcStatusOf(status),
    message: typeof error['message'] === 'string' ? error['message'] : 'Gemini reported an error without a message.',
    details,
    retryAfterMs: retryDelay(details),
    original: isRecord(holder['error']) ? holder['error'] : undefined,
    reason: details.flatMap((detail) =>
      isRecord(detail) && typeof detail['reason'] === 'string' ? detail['reason'] : [],
    )[0],
  };
}

/** Reads the body of an error answer; what is no JSON error becomes one that says what came. */
export function errorOfBody(status: number, contentType: string | undefined, body: Buffer): UpstreamError {
  const read = readUpstreamError(parseJson(bodyText(body)), status);
  if (read !== undefined) return read;
  const kind = (contentType ?? 'no content type').split(';')[0] ?? '';
  return {
    status,
    rpcStatus: rpcStatusOf(status),
    message: `Gemini answered with HTTP status ${status} and ${kind.slice(0, 60)} in place of an error it documents.`,
    details: [],
    retryAfterMs: undefined,
    reason: undefined,
    original: undefined,
  };
}

/** An error asked for as a stream may come as its only event. */
function bodyText(body: Buffer): string {
  const text = body.toString('utf8').trim();
  return text.startsWith('data:') ? text.slice(5) : text;
}

function statusOf(error: Record<string, unknown>): number {
  const { code, status } = error;
  if (typeof code === 'number' && code >= 400 && code <= 599) return code;
  return (typeof status === 'string' ? HTTP_STATUS.get(status) : undefined) ?? 500;
}

function retryDelay(details: readonly unknown[]): number | undefined {
  for (const detail of details) {
    if (!isRecord(detail) || typeof detail['retryDelay'] !== 'string') continue;
    return parseDuration(detail['retryDelay'], 's');
  }
  return undefined;
}

/** A JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
