/** Who caused an error: the client's request, the node itself, or the upstream. */
export type ErrorOrigin = 'client' | 'local' | 'upstream';

/** What a `GatewayError` carries besides its message. */
export interface GatewayErrorFacts {
  /** Stable name of the error, UPPER_SNAKE_CASE, part of the public contract. */
  readonly code: string;
  /** HTTP status the caller sees, 400..599. */
  readonly status: number;
  readonly origin: ErrorOrigin;
  /** Milliseconds after which another try can help; absent when waiting does not help. */
  readonly retryAfterMs?: number;
  /** Name of the request field or parameter at fault, for client errors. */
  readonly param?: string;
  readonly cause?: unknown;
}

/** The one base of every error the node makes itself; its message is safe to show to callers. */
export class GatewayError extends Error {
  readonly code: string;
  readonly status: number;
  readonly origin: ErrorOrigin;
  readonly retryAfterMs: number | undefined;
  readonly param: string | undefined;

  constructor(message: string, facts: GatewayErrorFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'GatewayError';
    this.code = facts.code;
    this.status = facts.status;
    this.origin = facts.origin;
    this.retryAfterMs = facts.retryAfterMs;
    this.param = facts.param;
  }
}
