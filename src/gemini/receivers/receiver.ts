import { type GatewayError } from '../../kernel/gateway-error.js';
import { type AnswerDefect } from '../domain/answer-defect.js';
import { type AnswerFacts } from '../domain/answer-state.js';
import { type Usage } from '../domain/usage.js';
import { type UpstreamResponseHeaders } from '../domain/headers.js';
import { type Route } from '../domain/route.js';
import { type Delivered } from '../domain/resume/delivered.js';
import { type SplicedAnswer } from '../domain/resume/spliced-answer.js';
import { type FloorLimits } from '../domain/throughput-floor.js';
import { type UpstreamError } from '../domain/upstream-error.js';
import { type ReplyFacts, type ReplyPort } from '../reply-port.js';

/** A flow that can be stopped and restarted. */
export interface Pausable {
  pause(): void;
  resume(): void;
}

/** What a receiver may ask of the call it works for. */
export interface CallHandle {
  readonly route: Route;
  readonly reply: ReplyPort;
  /** Settings of the receivers: sizes in bytes, times in ms. */
  readonly limits: { eventLimit: number; answerBuffer: number; idleMs: number; endGraceMs: number } & FloorLimits;
  /** An answer that is nothing but a malformed function call is passed on: no further try is made for a better one. */
  readonly takesBadCall: boolean;
  /** Where a stream notes what of it goes to the client. */
  readonly delivered: Delivered;
  /** Joins the answer to a first part the client has already; undefined for an answer from its start. */
  readonly splice?: SplicedAnswer | undefined;
  /** Facts for the head of the answer; `model` is the one that answers, where it is known. */
  facts(model?: string): ReplyFacts;
  /** Where the bytes come from. */
  readonly source: Pausable;
  /** Stops and restarts the flow to a client that is slow. */
  pause(): void;
  resume(): void;
  /** This answer, and no other, goes to the client: call before anything of it is sent. */
  claim(): void;
  /** The first event that brought the answer forward has come. */
  firstToken(): void;
  /** A sign of progress: the limit on silence that holds begins anew. */
  moved(): void;
  /** Starts, restarts (`ms`) or lifts (`undefined`) the limit on silence. */
  silence(ms: number | undefined): void;
  /** The answer is given and whole; what still comes from the upstream is of no interest. */
  succeeded(answer?: AnswerFacts): void;
  /** The upstream reported an error of its own. */
  refused(error: UpstreamError, headers?: readonly string[]): void;
  /** The upstream's answer is none. */
  defective(defect: AnswerDefect): void;
  /** The connection failed or a limit was reached. */
  failed(error: GatewayError): void;
}

/** Takes in one kind of answer, once its head has come. */
export interface Receiver {
  /** Tokens of what has come so far, where they were told. */
  readonly usage?: Usage | undefined;
  data(chunk: Buffer): void;
  end(): void;
  /** True once the answer has said its last word. */
  readonly finished?: boolean;
  /** What is to be stopped while the client is slow, where that is not the upstream itself. */
  readonly source?: Pausable;
  /** The connection broke: true when the answer was complete all the same and has been ended properly. */
  salvage?(): boolean;
  /** There was a sign of progress: told at most once in an eighth of the limit on silence. */
  progressed?(): void;
  /** The limit on silence was reached: true when the receiver has dealt with that. */
  silent?(): boolean;
  /** The run is over, whichever way: stops what the receiver still has running. */
  close?(): void;
}

/** The head of an answer of the upstream. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: UpstreamResponseHeaders;
}
