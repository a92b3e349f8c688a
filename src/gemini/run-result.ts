import { type GatewayError } from '../kernel/gateway-error.js';
import { type AnswerDefect } from './domain/answer-defect.js';
import { type Usage } from './domain/usage.js';
import { type UpstreamError } from './domain/upstream-error.js';
import { type AttemptOutcome } from './gateway.metrics.js';

/** What became of one attempt. */
export interface RunResult {
  readonly outcome: AttemptOutcome;
  /** Status the upstream answered with, or that its error stands for. */
  readonly status: number | undefined;
  /** The upstream's own error, with the headers of its answer worth keeping. */
  readonly refused?: { readonly error: UpstreamError; readonly headers: readonly string[] };
  /** The node's word for what went wrong. */
  readonly failed?: GatewayError;
  readonly defect?: AnswerDefect;
  /** Tokens the upstream counted for an answer that came to nothing. */
  readonly spent?: Usage | undefined;
}
