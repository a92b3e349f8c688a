import { type GatewayError } from '../../kernel/gateway-error.js';
import { type AttemptsCall, type Question } from '../attempts-call.js';
import { type CallTally } from '../call-tally.js';
import { type ReplyFacts } from '../reply-port.js';
import { type Run } from '../run.js';

/** What asks the upstream for a call. */
export interface Asking {
  /** Attempts sent so far. */
  readonly sent: number;
  /** Milliseconds spent waiting for a place so far. */
  readonly queuedMs: number;
  /** True once an answer has said its last word, so that only its end is waited for. */
  readonly finished: boolean;
  /** What was needed so far, in the words of `x-l104-healing`. */
  healing(run: Run | undefined): string[];
  /** What its attempts have come to so far. */
  readonly tally: CallTally;
  ask(question: Question): void;
  /** Gives up whatever runs or waits. */
  abandon(outcome: 'aborted' | 'timeout'): void;
}

/** A call of one client, as far as it can have a share in an answer. */
export interface Asker extends AttemptsCall {
  /** Facts for the client's head; without a run, of a call that was never answered by one. */
  facts(run: Run | undefined, model?: string): ReplyFacts;
  /** Attempts that work for a call which may outlive this one. */
  attemptsFor(call: AttemptsCall): Asking;
  /** Ends the call with an error of the node. */
  failed(error: GatewayError): void;
}
