import { gatewayError } from '../kernel/error-codes.js';
import { GatewayError } from '../kernel/gateway-error.js';
import { type AttemptTrace } from '../tracing/index.js';
import { attemptError } from './attempt-error.js';
import { type AnswerDefect } from './domain/answer-defect.js';
import { type AnswerFacts } from './domain/answer-state.js';
import { isEventStream, type UpstreamResponseHeaders } from './domain/headers.js';
import { type Route, type StreamForm } from './domain/route.js';
import { Delivered } from './domain/resume/delivered.js';
import { type SplicedAnswer } from './domain/resume/spliced-answer.js';
import { type UpstreamError } from './domain/upstream-error.js';
import { type AttemptOutcome, outcomeOf } from './gateway.metrics.js';
import { type CallHandle, type Pausable, type Receiver } from './receivers/receiver.js';
import { receiverFor } from './receivers/receiver-for.js';
import { type ReplyFacts, type ReplyPort } from './reply-port.js';
import { type RunResult } from './run-result.js';
import { SilenceLimit } from './silence-limit.js';
import { type AttemptListener, type AttemptRequest, UpstreamAttempt } from './upstream-attempt.js';

/** The call a run works for. */
export interface RunOwner {
  readonly route: Route;
  readonly reply: ReplyPort;
  readonly limits: CallHandle['limits'];
  facts(run: Run, model?: string): ReplyFacts;
  /** Addresses of the upstream in headers become addresses of the node. */
  rewrite(headers: string[]): string[];
  /** The run is about to answer the client: it alone, from now on. */
  claimed(run: Run): void;
  firstToken(run: Run, ms: number): void;
  answered(answer: AnswerFacts | undefined): void;
  readonly takesBadCall: boolean;
  /** Bytes have come of an answer that is passed on whatever it is. */
  alive(): void;
  /** The run is over; told once. */
  ended(run: Run, result: RunResult): void;
}

/** One attempt of a call at one target, from sending to the last byte of what came back. */
export class Run implements AttemptListener, CallHandle {
  /** Its span; undefined where the call's trace is not recorded. */
  trace: AttemptTrace | undefined;
  readonly #attempt: UpstreamAttempt;
  readonly #silence: SilenceLimit;
  #sentAt = 0;
  #headAt = 0;
  #status: number | undefined;
  #receiver: Receiver | undefined;
  #over = false;
  #delivered: Delivered | undefined;
  /** Signs of progress. */
  #signs = 0;
  readonly #passesOn: boolean;
  /** It is at hand here: asked of the owner, who asks another, it was a good part of what an event costs. */
  readonly reply: ReplyPort;
  readonly limits: CallHandle['limits'];

  /**
   * @param model the model asked, where it is known
   * @param form the form of the stream asked for
   * @param splice joins the answer to a first part that another attempt has given
   */
  constructor(
    private readonly owner: RunOwner,
    makeAttempt: (listener: AttemptListener) => UpstreamAttempt,
    readonly model: string | undefined,
    public form: StreamForm | undefined,
    readonly splice?: SplicedAnswer,
  ) {
    this.#attempt = makeAttempt(this);
    this.reply = owner.reply;
    this.limits = owner.limits;
    this.#passesOn = owner.route.kind === 'passthrough';
    this.#silence = new SilenceLimit({
      signs: () => this.#signs,
      onSilence: this.#silent.bind(this),
      onProgress: () => {
        this.#receiver?.progressed?.();
      },
    });
  }

  get route(): Route {
    return this.owner.route;
  }

  get takesBadCall(): boolean {
    return this.owner.takesBadCall;
  }

  /** What of the answer goes to the client, so that another attempt can go on with it. */
  get delivered(): Delivered {
    this.#delivered ??= new Delivered(this.route.surface, this.limits.answerBuffer);
    return this.#delivered;
  }

  /** True once the answer has said its last word, and only its end is waited for. */
  get finished(): boolean {
    return this.#receiver?.finished ?? false;
  }

  /** Milliseconds from sending to the head of the answer, or to now. */
  get upstreamMs(): number {
    if (this.#sentAt === 0) return 0;
    return (this.#headAt === 0 ? performance.now() : this.#headAt) - this.#sentAt;
  }

  /** Number of the pool generation it went out on. */
  get generation(): number {
    return this.#attempt.generation;
  }

  /** Sends the attempt, which has `limitMs` for its first word, or its head where it is not streamed. */
  send(request: AttemptRequest, limitMs: number | undefined): void {
    this.#sentAt = performance.now();
    if (limitMs !== undefined) this.#silence.set(limitMs);
    this.#attempt.send(request);
  }

  /** Gives the attempt up: the client has left, another run has answered, or time is up. */
  abandon(outcome: AttemptOutcome): void {
    this.#end({ outcome, status: this.#status });
  }

  head(status: number, headers: UpstreamResponseHeaders): void {
    try {
      this.#receive(status, headers);
    } catch (error) {
      this.#mistaken(error);
    }
  }

  data(chunk: Buffer): void {
    if (this.#passesOn) this.owner.alive();
    try {
      this.#receiver?.data(chunk);
    } catch (error) {
      this.#mistaken(error);
    }
  }

  end(): void {
    try {
      this.#receiver?.end();
    } catch (error) {
      this.#mistaken(error);
    }
  }

  #receive(status: number, headers: UpstreamResponseHeaders): void {
    this.#headAt = performance.now();
    this.#status = status;
    // A body that could not be read (compressed, say) may still have asked for a stream.
    if (this.route.kind === 'chat' && isEventStream(headers)) this.form = 'openai-sse';
    // Errors, and what is passed on as it comes, set a limit of their own.
    if (this.form === undefined && status < 400) this.silence(this.limits.idleMs);
    this.#receiver = receiverFor(this, { status, headers }, this.form, (flat) => this.owner.rewrite(flat));
  }

  facts(model = this.model): ReplyFacts {
    return this.owner.facts(this, model);
  }

  get source(): Pausable {
    return this.#attempt;
  }

  pause(): void {
    (this.#receiver?.source ?? this.source).pause();
  }

  resume(): void {
    (this.#receiver?.source ?? this.source).resume();
  }

  claim(): void {
    this.owner.claimed(this);
  }

  firstToken(): void {
    this.claim();
    this.owner.firstToken(this, performance.now() - this.#sentAt);
  }

  moved(): void {
    this.#signs++;
  }

  silence(ms: number | undefined): void {
    this.#signs++;
    if (!this.#over) this.#silence.set(ms);
  }

  succeeded(answer?: AnswerFacts): void {
    this.owner.answered(answer);
    this.#end({ outcome: 'ok', status: this.#status });
  }

  refused(error: UpstreamError, headers: readonly string[] = []): void {
    this.#end({ outcome: outcomeOf(error.status), status: error.status, refused: { error, headers } });
  }

  defective(defect: AnswerDefect): void {
    const { upstream } = defect;
    if (upstream === undefined) {
      this.#end({ outcome: 'broken', status: this.#status, failed: defect.toGatewayError(), defect });
    } else {
      const refused = { error: upstream, headers: [] };
      this.#end({ outcome: outcomeOf(upstream.status), status: upstream.status, refused, defect });
    }
  }

  failed(error: Error): void {
    if (error instanceof GatewayError) {
      this.#end({ outcome: error.status === 504 ? 'timeout' : 'broken', status: this.#status, failed: error });
      return;
    }
    // A connection that breaks behind a complete answer has done its work.
    if (this.#receiver?.salvage?.() === true) return;
    const failed = attemptError(error, this.#headAt > 0);
    this.#end({ outcome: 'connection_error', status: this.#status, failed });
  }

  /** The node itself went wrong with this answer: that must end this call, and no other. */
  #mistaken(cause: unknown): void {
    this.failed(gatewayError('INTERNAL', 'The node could not pass the answer on.', { cause }));
  }

  #silent(ms: number): void {
    if (this.#receiver?.silent?.() === true) return;
    if (this.#headAt === 0) this.#attempt.silent();
    const begun = this.#headAt > 0 && (this.reply.begun || this.form === undefined);
    const error = begun
      ? gatewayError('STREAM_STALLED', `Gemini stopped in the middle of the answer and said nothing for ${ms} ms.`)
      : gatewayError('FIRST_TOKEN_TIMEOUT', `Gemini said nothing for ${ms} ms.`);
    this.failed(error);
  }

  #end(result: RunResult): void {
    if (this.#over) return;
    this.#over = true;
    this.#silence.set(undefined);
    this.#receiver?.close?.();
    if (result.outcome === 'ok') this.#attempt.linger(this.limits.endGraceMs);
    else this.#attempt.abort();
    const code = result.failed?.code ?? result.defect?.kind;
    this.trace?.end({ ...result, code, generation: this.generation });
    this.owner.ended(this, result.outcome === 'ok' ? result : { ...result, spent: this.#receiver?.usage });
  }
}
