import { AnswerDefect } from '../domain/answer-defect.js';
import { type AnswerState } from '../domain/answer-state.js';
import { clientHeaders, single } from '../domain/headers.js';
import { CLOSE_BRACE, CLOSE_BRACKET } from '../domain/json-bytes.js';
import { checkWholeAnswer, isWholeJson } from '../domain/whole-answer.js';
import { RawReceiver } from './raw.receiver.js';
import { type AnswerHead, type CallHandle, type Receiver } from './receiver.js';

const SPACE = 0x20;

/**
 * Collects a whole answer and checks it before any of it is sent, so that a cut or empty one
 * never reaches the client as an answer. One beyond the limit is passed on as it comes.
 */
export class AnswerReceiver implements Receiver {
  #chunks: Buffer[] = [];
  #size = 0;
  #raw: RawReceiver | undefined;
  /** The last byte could be that of a whole body. */
  #graced = false;

  constructor(
    private readonly call: CallHandle,
    private readonly head: AnswerHead,
  ) {}

  data(chunk: Buffer): void {
    if (this.#raw !== undefined) {
      this.#raw.data(chunk);
      return;
    }
    // White space that some proxies send to stay connected is no sign of life.
    if (chunk.some((byte) => byte > SPACE)) this.#await(chunk);
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size > this.call.limits.answerBuffer) this.#passOn();
  }

  /** A body that may be whole is waited for only a little longer: some never end their message. */
  #await(chunk: Buffer): void {
    const { idleMs, endGraceMs } = this.call.limits;
    const last = chunk.findLast((byte) => byte > SPACE);
    this.#graced = last === CLOSE_BRACE || last === CLOSE_BRACKET;
    this.call.silence(this.#graced ? Math.min(endGraceMs, idleMs) : idleMs);
  }

  salvage(): boolean {
    if (this.#raw !== undefined || !isWholeJson(this.#joined)) return false;
    this.end();
    return true;
  }

  silent(): boolean {
    if (this.salvage()) return true;
    if (!this.#graced) return false;
    this.#graced = false;
    this.call.silence(this.call.limits.idleMs);
    return true;
  }

  end(): void {
    if (this.#raw !== undefined) {
      this.#raw.end();
      return;
    }
    const body = this.#joined;
    try {
      const state = this.#check(body);
      const model = state?.model ?? this.call.route.model;
      this.call.claim();
      this.call.reply.send(this.head.status, clientHeaders(this.head.headers), body, this.call.facts(model));
      this.call.succeeded({ model, usage: state?.usage, finishReason: state?.finishReason });
    } catch (error) {
      if (!(error instanceof AnswerDefect)) throw error;
      this.call.defective(error);
    }
  }

  get #joined(): Buffer {
    return this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
  }

  #check(body: Buffer): AnswerState | undefined {
    const { kind, surface } = this.call.route;
    const type = single(this.head.headers['content-type']) ?? '';
    const json = type.includes('json');
    if (kind === 'call') {
      if (type.includes('text/html')) throw new AnswerDefect('wrong_type');
      if (json && !isWholeJson(body)) throw new AnswerDefect('truncated_event');
      return undefined;
    }
    if (!json) throw new AnswerDefect('wrong_type');
    const state = checkWholeAnswer(surface, body);
    if (state.badCall && !this.call.takesBadCall) throw new AnswerDefect('bad_call');
    return state;
  }

  #passOn(): void {
    this.#raw = new RawReceiver(this.call, this.head, (headers) => headers, this.call.limits.idleMs);
    for (const chunk of this.#chunks) this.#raw.data(chunk);
    this.#chunks = [];
  }
}
