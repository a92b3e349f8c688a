import { type IncomingMessage } from 'node:http';
import { type Priority } from '../../resilience/index.js';
import { type CallTrace } from '../../tracing/index.js';
import { type AttemptsCall, type Question } from '../attempts-call.js';
import { type CallTally } from '../call-tally.js';
import { type Route } from '../domain/route.js';
import { type ReplyFacts } from '../reply-port.js';
import { type Run } from '../run.js';
import { type RunResult } from '../run-result.js';
import { type Asker, type Asking } from './asker.js';
import { type Reader, RecordedReply, type RecordMemory } from './recorded-reply.js';

/** How a shared call ended. */
export interface Ending {
  readonly run: Run | undefined;
  readonly failure: RunResult | undefined;
}

/** What shared calls have in common. */
export interface SharedCallHost extends RecordMemory {
  /** Most bytes held of one answer. */
  readonly recordLimit: number;
  /** Takes memory for the body of a request; false when there is not enough. */
  takeBody(bytes: number): boolean;
  releaseBody(bytes: number): void;
  /** Nobody can join any more. */
  closed(call: SharedCall): void;
  /** The answer is whole, and the record still has all of it. */
  answered(call: SharedCall): void;
}

/**
 * A call to the upstream that outlives the client which asked first: it goes on while anybody waits for the answer, as
 * long as the most patient of them does, and is given up with the last.
 */
export class SharedCall implements AttemptsCall {
  readonly reply: RecordedReply;
  readonly #asking: Asking;
  #run: Run | undefined;
  #ending: Ending | undefined;
  #over = false;
  #bodyBytes = 0;

  constructor(
    private readonly host: SharedCallHost,
    readonly key: string,
    private readonly first: Asker,
  ) {
    this.reply = new RecordedReply(host, host.recordLimit, () => {
      host.closed(this);
    });
    this.#asking = first.attemptsFor(this);
  }

  get route(): Route {
    return this.first.route;
  }

  get request(): IncomingMessage {
    return this.first.request;
  }

  get traceparent(): string {
    return this.first.traceparent;
  }

  get trace(): CallTrace | undefined {
    return this.first.trace;
  }

  get tally(): CallTally {
    return this.#asking.tally;
  }

  /** Calls of another priority do not share. */
  get priority(): Priority {
    return this.first.priority;
  }

  get over(): boolean {
    return this.#over;
  }

  get leftMs(): number {
    let most = 0;
    for (const { leftMs } of this.reply.readers.keys()) most = Math.max(most, leftMs);
    return most;
  }

  /** The run that answers, once one does. */
  get run(): Run | undefined {
    return this.#run;
  }

  /** How the call ended; undefined while it has not. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** Attempts sent so far. */
  get sent(): number {
    return this.#asking.sent;
  }

  get finished(): boolean {
    return this.#asking.finished;
  }

  /** Milliseconds spent waiting for a place so far. */
  get queuedMs(): number {
    return this.#asking.queuedMs;
  }

  healing(run: Run | undefined): string[] {
    return this.#asking.healing(run);
  }

  ask(question: Question): void {
    // The body may be wanted for further attempts when the client that sent it has left.
    if (this.host.takeBody(question.body.length)) this.#bodyBytes = question.body.length;
    this.#asking.ask(question);
  }

  /** A reader is done or has left; with the last one the upstream is told at once. */
  leave(reader: Reader, outcome: 'aborted' | 'timeout'): void {
    this.reply.remove(reader);
    if (this.reply.readers.size > 0 || this.#over) return;
    this.#end();
    this.#asking.abandon(outcome);
  }

  settled(run: Run | undefined, failure: RunResult | undefined): void {
    if (this.#over) return;
    this.#end();
    this.#ending = { run, failure };
    if (failure === undefined && this.reply.complete) this.host.answered(this);
    this.reply.settle();
  }

  facts(run: Run, model: string | undefined): ReplyFacts {
    this.#run = run;
    return this.first.facts(run, model);
  }

  rewrite(headers: string[]): string[] {
    return this.first.rewrite(headers);
  }

  /** Calls that are shared have no deadline to move. */
  alive(): void {
    return undefined;
  }

  log(event: string, fields: Record<string, unknown>, text: string): void {
    this.first.log(event, fields, text);
  }

  #end(): void {
    this.#over = true;
    this.host.releaseBody(this.#bodyBytes);
    this.#bodyBytes = 0;
  }
}
