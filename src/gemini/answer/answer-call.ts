import { GatewayError } from '../../kernel/gateway-error.js';
import { gatewayError } from '../../kernel/error-codes.js';
import { attemptError } from '../attempt-error.js';
import { CallTimers } from '../call-timers.js';
import { AnswerDefect } from '../domain/answer-defect.js';
import { type AnswerEvent, AnswerReader } from '../domain/answer-reader.js';
import { type UpstreamResponseHeaders, single } from '../domain/headers.js';
import { errorOfBody, isRecord, type UpstreamError } from '../domain/upstream-error.js';
import { type ExchangeHost } from '../exchange-host.js';
import { type AttemptOutcome, outcomeOf } from '../gateway.metrics.js';
import { type AttemptListener, type AttemptRequest, UpstreamAttempt } from '../upstream-attempt.js';
import { type AnswerDone, usageOf } from './answer-done.js';
import { type AnswerSink } from './answer-sink.js';

/** Of an error answer only this much is read, bytes. */
const ERROR_LIMIT = 64 * 1024;

/** Keeps a whole answer; called once it is complete, before its last event is sent. */
export type KeepTurn = (text: string, done: AnswerDone) => Promise<void>;

/** One answer of the node's own endpoint: a streamed call to Gemini read into a sink. */
export class AnswerCall implements AttemptListener {
  readonly #reader: AnswerReader;
  readonly #attempt: UpstreamAttempt;
  #timers: CallTimers | undefined;
  #status = 0;
  #headers: UpstreamResponseHeaders = {};
  readonly #errorBody: Buffer[] = [];
  #text = '';
  #begun = false;
  #over = false;
  #sentAt = 0;

  constructor(
    private readonly host: ExchangeHost,
    private readonly model: string,
    private readonly sink: AnswerSink,
    private readonly keep: KeepTurn,
  ) {
    this.#reader = new AnswerReader('gemini-sse', host.limits.eventLimit, (event) => {
      this.#event(event);
    });
    this.#attempt = new UpstreamAttempt(host.pool, this);
  }

  /** Sends the call, which has `deadlineMs` for its whole answer. */
  send(request: AttemptRequest, deadlineMs: number): void {
    const late = (): void => {
      this.failed(gatewayError('DEADLINE_EXCEEDED', `No whole answer within ${Math.round(deadlineMs)} ms.`));
    };
    this.#timers = new CallTimers(deadlineMs, late, (ms) => {
      const code = this.#begun ? 'STREAM_STALLED' : 'FIRST_TOKEN_TIMEOUT';
      this.failed(gatewayError(code, `Gemini said nothing for ${ms} ms.`));
    });
    this.#sentAt = performance.now();
    this.host.metrics.sent();
    this.#timers.silence(this.host.limits.firstTokenMs);
    this.#attempt.send(request);
  }

  /** The client has left: the upstream is told at once. */
  clientGone(): void {
    this.#finish('aborted');
  }

  /** The client has caught up. */
  resume(): void {
    if (this.#over) return;
    this.#timers?.silence(this.host.limits.idleMs);
    this.#attempt.resume();
  }

  head(status: number, headers: UpstreamResponseHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  data(chunk: Buffer): void {
    if (this.#over) return;
    if (this.#failing) {
      if (this.#errorBody.reduce((sum, { length }) => sum + length, 0) < ERROR_LIMIT) this.#errorBody.push(chunk);
      return;
    }
    this.#guard(() => {
      this.#reader.push(chunk);
      if (this.#reader.state.complete) this.#complete();
    });
  }

  end(): void {
    if (this.#over) return;
    if (this.#failing) {
      this.#refused(errorOfBody(this.#status, single(this.#headers['content-type']), Buffer.concat(this.#errorBody)));
      return;
    }
    this.#guard(() => {
      this.#reader.end();
      this.#complete();
    });
  }

  failed(error: Error): void {
    if (this.#over) return;
    const shown = error instanceof GatewayError ? error : attemptError(error, this.#status > 0);
    this.sink.fail(shown);
    this.#finish(error instanceof GatewayError ? 'timeout' : 'connection_error');
  }

  get #failing(): boolean {
    return this.#status >= 300;
  }

  #event({ data, progress }: AnswerEvent): void {
    if (!progress) return;
    if (!this.#begun) this.host.metrics.firstToken(performance.now() - this.#sentAt);
    this.#begun = true;
    this.#timers?.silence(this.host.limits.idleMs);
    const text = spokenText(data);
    this.#text += text;
    // No model says as much; without a limit a broken upstream could fill the memory.
    if (this.#text.length > this.host.limits.answerBuffer) throw new AnswerDefect('event_too_large');
    if (text === '' || this.sink.delta(text)) return;
    this.#timers?.silence(undefined);
    this.#attempt.pause();
  }

  #complete(): void {
    this.#reader.judge();
    this.#over = true;
    this.#stop('ok');
    this.#attempt.linger(this.host.limits.endGraceMs);
    const { state } = this.#reader;
    const model = state.model ?? this.model;
    this.host.metrics.answered(model, state.usage);
    const done: AnswerDone = {
      model,
      finish_reason: state.finishReason ?? 'STOP',
      usage: usageOf(state.usage),
      attempts: 1,
      healing: [],
    };
    void this.#keep(done);
  }

  /** The last event is sent only when the whole turn is kept. */
  async #keep(done: AnswerDone): Promise<void> {
    try {
      await this.keep(this.#text, done);
      this.sink.done(done);
    } catch (error) {
      this.sink.fail(error instanceof GatewayError ? error : gatewayError('INTERNAL', 'The turn could not be stored.'));
    }
    this.sink.close();
  }

  #guard(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof AnswerDefect)) throw error;
      this.host.metrics.defect(error.kind);
      if (error.upstream !== undefined) this.#refused(error.upstream);
      else this.#refuse(error.toGatewayError(), 'broken');
    }
  }

  /** An error of the upstream keeps its status and message. */
  #refused({ status, message, retryAfterMs, reason, rpcStatus }: UpstreamError): void {
    this.#status = status;
    const facts = { code: reason ?? rpcStatus, status, origin: 'upstream' } as const;
    const error = new GatewayError(message, retryAfterMs === undefined ? facts : { ...facts, retryAfterMs });
    this.#refuse(error, outcomeOf(status));
  }

  #refuse(error: GatewayError, outcome: AttemptOutcome): void {
    this.sink.fail(error);
    this.#finish(outcome);
  }

  #finish(outcome: AttemptOutcome): void {
    if (this.#over) return;
    this.#over = true;
    this.#attempt.abort();
    this.sink.close();
    this.#stop(outcome);
  }

  #stop(outcome: AttemptOutcome): void {
    this.#timers?.stop();
    this.host.metrics.ended(outcome, this.#status === 0 ? undefined : this.#status, this.model);
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
