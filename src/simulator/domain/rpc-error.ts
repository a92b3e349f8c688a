import { type Json, type JsonObject } from './json.js';

/** HTTP status of each google.rpc status the API answers with. */
export const RPC_STATUS_CODES = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  OUT_OF_RANGE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ABORTED: 409,
  ALREADY_EXISTS: 409,
  RESOURCE_EXHAUSTED: 429,
  CANCELLED: 499,
  INTERNAL: 500,
  UNKNOWN: 500,
  DATA_LOSS: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
} as const;

/** The canonical name of a google.rpc status. */
export type RpcStatus = keyof typeof RPC_STATUS_CODES;

/** An answer that is an error, in Google's terms. */
export class RpcError extends Error {
  readonly code: number;
  readonly status: RpcStatus;
  readonly details: readonly JsonObject[];

  constructor(status: RpcStatus, message: string, details: readonly JsonObject[] = []) {
    super(message);
    this.name = 'RpcError';
    this.status = status;
    this.code = RPC_STATUS_CODES[status];
    this.details = details;
  }
}

/** The body Google sends for an error; `details` is left out when there are none. */
export function errorBody(error: {
  code: number;
  message: string;
  status: string;
  details?: readonly Json[];
}): JsonObject {
  const { code, message, status, details = [] } = error;
  return { error: { code, message, status, ...(details.length > 0 && { details }) } };
}

/** The detail block that names a machine-readable reason. */
export function errorInfo(reason: string, metadata: JsonObject = {}): JsonObject {
  const service = { service: 'generativelanguage.googleapis.com' };
  return {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason,
    domain: 'googleapis.com',
    metadata: { ...service, ...metadata },
  };
}

/** The detail block that says how long to wait, in milliseconds, written as Google writes it: `34.07s`. */
export function retryInfo(ms: number): JsonObject {
  return { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${secondsText(ms)}s` };
}

/** Milliseconds as seconds with at most two decimals, rounded up so that waiting so long is always enough. */
export function secondsText(ms: number): string {
  return String(Math.ceil(Math.max(0, ms) / 10) / 100);
}
