import { type ErrorFault, type OutcomeFault } from './fault-plan.js';
import { type JsonObject } from './json.js';
import { quotaError } from './quota.js';
import { errorBody, errorInfo, retryInfo, RPC_STATUS_CODES, RpcError, type RpcStatus } from './rpc-error.js';

/** An error ready to be sent. */
export interface ErrorReply {
  /** HTTP status. */
  readonly status: number;
  readonly body: JsonObject;
  readonly headers: Readonly<Record<string, string>>;
}

const MESSAGES: Partial<Record<RpcStatus, string>> = {
  INVALID_ARGUMENT: 'Request contains an invalid argument.',
  FAILED_PRECONDITION: 'User location is not supported for the API use.',
  PERMISSION_DENIED: 'The caller does not have permission.',
  NOT_FOUND: 'Requested entity was not found.',
  RESOURCE_EXHAUSTED: 'Resource has been exhausted (e.g. check quota).',
  CANCELLED: 'The operation was cancelled.',
  INTERNAL:
    'An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting',
  UNAVAILABLE: 'The model is overloaded. Please try again later.',
  DEADLINE_EXCEEDED: 'The request timed out. Please try again.',
};
/** What Google says when a day's quota is gone: far less than the truth, which the node has to see through. */
const PER_DAY_DELAY_MS = 40_000;
const PER_MINUTE_DELAY_MS = 34_070;

/** The error of a fault that replaces the answer; `windowLeftMs` is how long that fault will still last. */
export function faultError(
  fault: Extract<OutcomeFault, { kind: 'error' | 'capacity' | 'cancelled' }>,
  model: string,
  windowLeftMs: number | undefined,
): ErrorReply {
  switch (fault.kind) {
    case 'cancelled':
      return reply(new RpcError('CANCELLED', 'The operation was cancelled.'));
    case 'capacity': {
      const message = `No capacity available for model ${model} on the server.`;
      const wait = fault.retryDelayMs === undefined ? [] : [retryInfo(fault.retryDelayMs)];
      return reply(
        new RpcError('RESOURCE_EXHAUSTED', message, [errorInfo('MODEL_CAPACITY_EXHAUSTED', { model }), ...wait]),
      );
    }
    case 'error':
      return plainError(fault, model, windowLeftMs);
  }
}

/** An error of the API as it is sent. */
export function reply(error: RpcError): ErrorReply {
  return { status: error.code, body: errorBody(error), headers: {} };
}

function plainError(fault: ErrorFault, model: string, windowLeftMs: number | undefined): ErrorReply {
  const error = fault.quota === undefined ? namedError(fault) : fullQuota(fault, model, windowLeftMs);
  const code = fault.code ?? RPC_STATUS_CODES[fault.status];
  const headers = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
  const details = fault.bare ? [] : error.details;
  const message = fault.message ?? (fault.bare ? (MESSAGES[fault.status] ?? error.message) : error.message);
  return { status: code, body: errorBody({ code, message, status: fault.status, details }), headers };
}

function namedError(fault: ErrorFault): RpcError {
  const details = fault.retryDelayMs === undefined ? [] : [retryInfo(fault.retryDelayMs)];
  return new RpcError(fault.status, MESSAGES[fault.status] ?? `Simulated error ${fault.status}.`, details);
}

function fullQuota(fault: ErrorFault, model: string, windowLeftMs: number | undefined): RpcError {
  const window = fault.quota ?? 'PerMinute';
  const usual = window === 'PerDay' ? PER_DAY_DELAY_MS : Math.min(windowLeftMs ?? PER_MINUTE_DELAY_MS, 60_000);
  return quotaError({ window, model, value: window === 'PerDay' ? 250 : 10, waitMs: fault.retryDelayMs ?? usual });
}
