import { type ShownError } from './domain/dialect.js';
import { type StreamForm } from './domain/route.js';
import { type HeartbeatTimes } from './heartbeat-timer.js';

/** What the node tells of its own work in the head of an answer. */
export interface ReplyFacts {
  readonly upstream: string;
  readonly model: string | undefined;
  readonly attempts: number;
  /** What was needed so far: `retry`, `failover`, … */
  readonly healing: readonly string[];
  /** Milliseconds since the request arrived. */
  readonly totalMs: number;
  /** Milliseconds of these spent waiting for the upstream. */
  readonly upstreamMs: number;
  /** Milliseconds of these spent waiting for a place. */
  readonly queueMs: number;
}

/** What a heartbeat must know of the call it is sent for. */
export interface BeatingCall {
  /** True when an answer has said its last word, so that only its end is waited for. */
  readonly finished: boolean;
  facts(run: undefined): ReplyFacts;
}

/** The client's side of a call, as receivers see it: one head, then a body, an error, or a broken connection. */
export interface ReplyPort {
  /** Status of the answer; 0 until one is given, 499 when the client left. */
  status: number;
  /** Code of the error that was shown. */
  readonly code: string | undefined;
  /** True when the answer failed after its head was sent. */
  readonly broken: boolean;
  /** True once the head is sent: what goes wrong now can only be told in-band. */
  readonly started: boolean;
  /**
   * True once something of an answer was given to the client: another attempt can no longer take the place of the first
   * unseen. A head that was sent ahead of the answer, for its connection to live, is none of it.
   */
  readonly begun: boolean;
  /** True once the answer is over, whichever way. */
  readonly over: boolean;
  /** True where an answer in parts (finish reason CONTINUATION) is to come whole: the client has no use for the token of the next part. */
  readonly joinsParts?: boolean;
  /** Keeps a stream from falling silent for so long that a proxy would cut it, where the client's side needs that. */
  keepAlive?(form: StreamForm, times: HeartbeatTimes, call: BeatingCall): void;
  /** Sends a whole answer. */
  send(status: number, headers: readonly string[], body: Buffer | string, facts: ReplyFacts): void;
  /** Sends the head of an answer whose body follows in pieces. */
  start(status: number, headers: readonly string[], facts: ReplyFacts): void;
  /** Sends a piece; false when the client is slow and the source should pause until `onDrain`. Throws GatewayError when it cannot be given. */
  write(chunk: Buffer): boolean;
  /** Calls back once, when the client has caught up. */
  onDrain(resume: () => void): void;
  /** Ends the answer properly. */
  end(last?: Buffer | string): void;
  /** Shows an error: as the answer, or, after the head, in-band and with a broken connection. */
  fail(error: ShownError, form: StreamForm | undefined, facts: ReplyFacts, headers?: readonly string[]): void;
}
