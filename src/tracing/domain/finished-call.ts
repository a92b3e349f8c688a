import { type CallFacts } from '../../kernel/call-facts.js';

/** What a span is told of a request that has ended. */
export interface FinishedCall {
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly broken: boolean;
  readonly code: string | undefined;
  readonly requestId: string;
  readonly call: CallFacts | undefined;
}
