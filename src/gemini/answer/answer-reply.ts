import { type Response } from 'express';
import { GatewayError } from '../../kernel/gateway-error.js';
import { gatewayError } from '../../kernel/error-codes.js';
import { GeminiAnswer } from '../domain/answer-state.js';
import { type ShownError } from '../domain/dialect.js';
import { GrowingText } from '../domain/growing-text.js';
import { modelHeader } from '../domain/headers.js';
import { parseJson } from '../domain/json-scan.js';
import { SseSplitter } from '../domain/sse-splitter.js';
import { isRecord } from '../domain/upstream-error.js';
import { type ReplyFacts, type ReplyPort } from '../reply-port.js';
import { type AnswerDone, usageOf } from './answer-done.js';
import { type AnswerSink } from './answer-sink.js';

/** Keeps a whole answer; called once it is complete, before its last event is sent. */
export type KeepTurn = (text: string, done: AnswerDone) => Promise<void>;

/** Sizes of an answer, bytes. */
interface AnswerLimits {
  readonly eventLimit: number;
  readonly answerBuffer: number;
}

/** Turns the native stream of a call into the events of the node's own endpoint. */
export class AnswerReply implements ReplyPort {
  status = 0;
  code: string | undefined;
  broken = false;
  readonly joinsParts = true;
  readonly #answer = new GeminiAnswer();
  readonly #splitter: SseSplitter;
  readonly #text = new GrowingText();
  #length = 0;
  #slow = false;
  #facts: ReplyFacts | undefined;
  #started = false;

  constructor(
    private readonly response: Response,
    private readonly sink: AnswerSink,
    limits: AnswerLimits,
    private readonly keep: KeepTurn | undefined,
  ) {
    this.#splitter = new SseSplitter(limits.eventLimit, ({ data }) => {
      const event = data === undefined ? undefined : parseJson(data);
      if (isRecord(event)) this.#event(event, limits.answerBuffer);
    });
  }

  /** The sink sends its own heartbeats, and the head with the first of them. */
  get started(): boolean {
    return this.response.headersSent;
  }

  get begun(): boolean {
    return this.#started;
  }

  get over(): boolean {
    return this.response.writableEnded || this.response.destroyed;
  }

  /** A streamed call has no whole answers; an answer of another status than 200 comes as an error. */
  send(status: number): void {
    this.status = status;
    this.sink.fail(gatewayError('UPSTREAM_BROKEN_ANSWER', `Gemini answered with HTTP status ${status} and no stream.`));
  }

  start(status: number, _headers: readonly string[], facts: ReplyFacts): void {
    this.status = status;
    this.#started = true;
    this.#facts = facts;
    // After a heartbeat it is too late for headers; the last event says it all.
    if (!this.response.headersSent) {
      this.response.setHeader('x-l104-model', modelHeader(facts.model) ?? '');
      this.response.setHeader('x-l104-attempts', String(facts.attempts));
      if (facts.healing.length > 0) this.response.setHeader('x-l104-healing', facts.healing.join(', '));
    }
    for (const kind of facts.healing) {
      this.sink.healing(
        kind,
        kind === 'retry' ? `attempt ${facts.attempts}` : `answered by ${facts.model ?? 'Gemini'}`,
      );
    }
  }

  write(chunk: Buffer): boolean {
    this.#slow = false;
    this.#splitter.push(chunk);
    return !this.#slow;
  }

  onDrain(resume: () => void): void {
    this.response.once('drain', resume);
  }

  end(): void {
    const done: AnswerDone = {
      model: this.#answer.model ?? this.#facts?.model ?? '',
      finish_reason: this.#answer.finishReason ?? 'STOP',
      usage: usageOf(this.#answer.usage),
      attempts: this.#facts?.attempts ?? 1,
      healing: this.#facts?.healing ?? [],
    };
    void this.#finish(done);
  }

  fail(error: ShownError): void {
    if (this.over) return;
    this.code = error.code;
    this.broken = this.response.headersSent;
    this.status = this.response.headersSent ? this.response.statusCode : error.status;
    const { status, code, message, retryAfterMs } = error;
    const facts = { code, status, origin: 'upstream' } as const;
    this.sink.fail(new GatewayError(message, retryAfterMs === undefined ? facts : { ...facts, retryAfterMs }));
    this.sink.close();
  }

  #event(event: Record<string, unknown>, limit: number): void {
    this.#answer.accept(event);
    if (isRecord(event['l104'])) this.#resumed(event['l104']);
    const text = spokenText(event);
    this.#length += text.length;
    if (this.keep !== undefined) this.#text.append(text);
    // No model says as much; without a limit a broken upstream could fill the memory.
    if (this.#length > limit)
      throw gatewayError('UPSTREAM_BROKEN_ANSWER', 'The answer of Gemini is longer than ANSWER_BUFFER_LIMIT.');
    if (text !== '' && !this.sink.delta(text)) this.#slow = true;
  }

  /** The answer broke and is gone on with from here. */
  #resumed({ resume, attempts, model }: Record<string, unknown>): void {
    if (typeof resume !== 'string' || this.#facts === undefined) return;
    const healing = new Set([...this.#facts.healing, 'resume']);
    const sent = typeof attempts === 'number' ? attempts : this.#facts.attempts;
    this.#facts = { ...this.#facts, attempts: sent, healing: [...healing] };
    this.sink.healing('resume', `${resume} by ${typeof model === 'string' ? model : 'Gemini'}`);
  }

  /** The last event is sent only when the whole turn is kept. */
  async #finish(done: AnswerDone): Promise<void> {
    try {
      await this.keep?.(this.#text.value, done);
      this.sink.done(done);
    } catch (error) {
      this.sink.fail(error instanceof GatewayError ? error : gatewayError('INTERNAL', 'The turn could not be stored.'));
    }
    this.sink.close();
  }
}

/** The text of an event that is not thought. */
function spokenText(event: Record<string, unknown>): string {
  const candidate = Array.isArray(event['candidates']) ? (event['candidates'][0] as unknown) : undefined;
  const content = isRecord(candidate) ? candidate['content'] : undefined;
  const parts = isRecord(content) && Array.isArray(content['parts']) ? (content['parts'] as unknown[]) : [];
  return parts
    .map((part) => (isRecord(part) && part['thought'] !== true && typeof part['text'] === 'string' ? part['text'] : ''))
    .join('');
}
