import { GatewayError } from '../../kernel/gateway-error.js';
import { AnswerDefect } from '../domain/answer-defect.js';
import { type AnswerEvent, AnswerReader } from '../domain/answer-reader.js';
import { tokensOf, type Usage } from '../domain/usage.js';
import { systemClock } from '../../kernel/clock.js';
import { type StreamForm } from '../domain/route.js';
import { ThroughputFloor } from '../domain/throughput-floor.js';
import { Pieces } from '../pieces.js';
import { type AnswerHead, type CallHandle, type Receiver } from './receiver.js';
import { END_MARK, eventBytes, streamHeaders } from './stream-writing.js';

/** Events without content that are held back before the first word, so that an empty answer can still be told as an error. */
const HELD_EVENTS = 32;

/** Passes a streamed answer on event by event, and ends it only when it is whole. */
export class StreamReceiver implements Receiver {
  readonly #reader: AnswerReader;
  readonly #floor: ThroughputFloor;
  readonly #out = new Pieces();
  #begun = false;
  #over = false;
  #waiting = false;
  #tokens = 0;
  /** Events that brought the answer forward. */
  #moves = 0;
  #graceTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly call: CallHandle,
    private readonly head: AnswerHead,
    form: StreamForm,
  ) {
    this.#floor = new ThroughputFloor(systemClock, call.limits);
    this.#reader = new AnswerReader(form, call.limits.eventLimit, this.#event.bind(this), (text, memory) => {
      call.delivered.again(text, memory);
    });
  }

  get finished(): boolean {
    return this.#reader.state.complete;
  }

  get usage(): Usage | undefined {
    return this.#reader.usage;
  }

  data(chunk: Buffer): void {
    if (this.#over) return;
    const behind = this.#again(chunk);
    if (behind < chunk.length) this.#push(behind === 0 ? chunk : chunk.subarray(behind));
  }

  /** Passes on what is like the events before but for its text and its counts. Returns the index behind it. */
  #again(chunk: Buffer): number {
    if (!this.#begun || this.call.splice !== undefined) return 0;
    const behind = this.#reader.again(chunk);
    if (behind === 0) return 0;
    this.#send(behind === chunk.length ? chunk : chunk.subarray(0, behind));
    this.call.moved();
    return behind;
  }

  #push(chunk: Buffer): void {
    const { state } = this.#reader;
    // What is passed on without a closer look has raised it.
    this.#tokens = Math.max(this.#tokens, tokensOf(this.#reader.usage));
    const moves = this.#moves;
    try {
      this.#reader.push(chunk);
      // A finish with nothing said is held back until it is known to be the end.
      if (!this.#withheld() && (this.#begun || this.#out.count > HELD_EVENTS)) this.#flush();
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (this.#reader.terminated || this.call.splice?.stopped === true) this.end();
    // Events that say nothing new do not put the end off.
    else if (state.complete && (this.#moves > moves || this.#graceTimer === undefined))
      this.#awaitEnd(state.finishIsLast);
  }

  end(): void {
    if (this.#over) return;
    // Cut off by the node at a stop sequence, it is whole although the upstream has more.
    if (this.call.splice?.stopped !== true) {
      try {
        this.#reader.end();
      } catch (error) {
        // Where the rest of an answer was asked for, nothing left to say is an end like any other.
        const said = error instanceof AnswerDefect && error.kind === 'empty' && this.call.splice?.ended === true;
        if (!said) {
          this.#fail(error);
          return;
        }
      }
    }
    this.#finish();
  }

  /** To look at the clock and the pace takes longer than to read an event that is like the one before: it is not done at each. */
  progressed(): void {
    try {
      this.#checkPace();
    } catch (error) {
      this.#fail(error);
    }
  }

  salvage(): boolean {
    if (this.#over || !this.#reader.settled) return false;
    this.#finish();
    return true;
  }

  close(): void {
    this.#over = true;
    this.#reader.settle();
    clearTimeout(this.#graceTimer);
  }

  #event(event: AnswerEvent): void {
    const { progress } = event;
    this.#take(event.data, event.raw);
    const tokens = tokensOf(this.#reader.state.usage);
    if (progress && !this.#begun && !this.#withheld()) {
      this.#begun = true;
      this.call.firstToken();
      this.#floor.restart(this.#reader);
    }
    if (progress || tokens > this.#tokens) {
      this.#moves++;
      if (this.#begun) this.call.silence(this.call.limits.idleMs);
      else this.call.moved();
    }
    this.#tokens = Math.max(this.#tokens, tokens);
    this.#checkPace();
  }

  #checkPace(): void {
    // While the client is slow the upstream is held up, and its pace means nothing.
    if (this.#begun && !this.#waiting && !this.#reader.state.complete) this.#floor.check(this.#reader);
  }

  #take(data: Record<string, unknown>, raw: Buffer): void {
    const { splice } = this.call;
    if (splice === undefined) {
      // Said over and over before the first word, it is not worth a head that makes a failure visible.
      if (!this.#begun && this.#out.count > HELD_EVENTS - 1 && this.#out.last?.equals(raw) === true) return;
      this.call.delivered.accept(data);
      this.#out.add(raw);
      return;
    }
    const event = splice.take(data);
    if (event !== undefined) this.#out.add(eventBytes(this.#reader.form, event));
  }

  #flush(): void {
    if (this.#out.count > 0) this.#send(this.#out.take());
  }

  #send(events: Buffer): void {
    const { reply } = this.call;
    if (!reply.begun) this.#start();
    if (reply.write(events) || this.#waiting) return;
    this.#waiting = true;
    this.call.pause();
    // A client that does not read is not the upstream's silence.
    this.call.silence(undefined);
    reply.onDrain(() => {
      this.#waiting = false;
      this.#floor.restart(this.#reader);
      if (this.#over) return;
      const { complete, finishIsLast } = this.#reader.state;
      if (complete) this.#awaitEnd(finishIsLast);
      else this.call.silence(this.call.limits.idleMs);
      this.call.resume();
    });
  }

  #start(): void {
    this.call.claim();
    const { status, headers } = this.head;
    this.call.reply.start(status, streamHeaders(headers), this.call.facts(this.#reader.state.model));
  }

  /**
   * The answer looks whole but the upstream keeps the stream open: ended when nothing more comes for a
   * while, and for a longer one where a finish reason does not mean much.
   */
  #awaitEnd(finishIsLast: boolean): void {
    const { endGraceMs, idleMs } = this.call.limits;
    this.call.silence(undefined);
    clearTimeout(this.#graceTimer);
    this.#graceTimer = setTimeout(
      () => {
        // While the client is slow the upstream is paused, and its silence means nothing.
        if (!this.#waiting) this.end();
      },
      finishIsLast ? endGraceMs : idleMs,
    );
  }

  /** What has come would be no answer if nothing else came: it can still be asked for again. */
  #withheld(): boolean {
    const { complete, empty, badCall } = this.#reader.state;
    if (!complete || this.call.splice?.ended === true) return false;
    return empty || (badCall && !this.call.takesBadCall);
  }

  #finish(): void {
    if (this.#withheld() && !this.call.reply.begun) {
      this.#fail(new AnswerDefect('bad_call'));
      return;
    }
    try {
      this.#flush();
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#over = true;
    clearTimeout(this.#graceTimer);
    const { reply } = this.call;
    if (!reply.begun) this.#start();
    if (reply.joinsParts === true && this.#reader.state.finishReason === 'CONTINUATION') {
      this.call.defective(new AnswerDefect('continues'));
      return;
    }
    reply.end(END_MARK[this.#reader.form]);
    const { model, finishReason } = this.#reader.state;
    this.call.succeeded({ model: model ?? this.call.route.model, usage: this.usage, finishReason });
  }

  #fail(error: unknown): void {
    if (!(error instanceof AnswerDefect || error instanceof GatewayError)) throw error;
    this.#over = true;
    clearTimeout(this.#graceTimer);
    if (error instanceof GatewayError) {
      this.call.failed(error);
      return;
    }
    // What was said before the defect belongs to the client, unless nothing was.
    if (this.#begun && error.kind !== 'empty' && error.kind !== 'bad_call') this.#flush();
    this.call.defective(error);
  }
}
