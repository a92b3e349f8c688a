import { type IncomingMessage, type ServerResponse } from 'node:http';
import { gatewayError } from '../kernel/error-codes.js';
import { GatewayError } from '../kernel/gateway-error.js';
import { identityOf } from '../platform/request-context.js';
import { type RequestIdentity } from '../platform/identifiers.js';
import { CallTimers } from './call-timers.js';
import { type AnswerDefect } from './domain/answer-defect.js';
import { type Usage } from './domain/answer-state.js';
import { readChat } from './domain/chat-request.js';
import { deadlineOf } from './domain/deadline.js';
import { showOwn, showUpstream } from './domain/dialect.js';
import { isEventStream, upstreamHeaders, type UpstreamResponseHeaders } from './domain/headers.js';
import { type Route, type StreamForm } from './domain/route.js';
import { type UpstreamError } from './domain/upstream-error.js';
import { type ExchangeHost } from './exchange-host.js';
import { type AttemptOutcome, outcomeOf } from './gateway.metrics.js';
import { attemptError } from './attempt-error.js';
import { type CallHandle, type Receiver } from './receivers/receiver.js';
import { receiverFor } from './receivers/receiver-for.js';
import { Reply, type ReplyFacts } from './reply.js';
import { RequestBody } from './request-body.js';
import { type AttemptListener, UpstreamAttempt } from './upstream-attempt.js';

/** One call of a client, from its first byte to the last of the answer. */
export class Exchange implements AttemptListener, CallHandle {
  readonly reply: Reply;
  readonly limits: ExchangeHost['limits'];
  readonly #identity: RequestIdentity;
  readonly #arrived = performance.now();
  readonly #body: RequestBody;
  readonly #timers: CallTimers;
  #attempt: UpstreamAttempt | undefined;
  #attempts = 0;
  #sentAt = 0;
  #headAt = 0;
  #upstreamStatus: number | undefined;
  #receiver: Receiver | undefined;
  /** Form of the stream the client asked for, known once the body has been read. */
  #form: StreamForm | undefined;
  #model: string | undefined;
  /** Address under which the client reached the node. */
  #publicOrigin = '';
  #over = false;

  constructor(
    private readonly host: ExchangeHost,
    private readonly request: IncomingMessage,
    response: ServerResponse,
    readonly route: Route,
  ) {
    this.limits = host.limits;
    this.#identity = identityOf(request);
    this.#form = route.stream;
    this.#model = route.model;
    this.reply = new Reply(response, route.surface, this.#identity);
    this.#body = new RequestBody(host.admission, host.bodyLimits);
    const deadlineMs = deadlineOf(request.headers, host.limits.deadlineMs);
    const late = (): void => {
      this.failed(gatewayError('DEADLINE_EXCEEDED', `No whole answer within ${Math.round(deadlineMs)} ms.`));
    };
    this.#timers = new CallTimers(deadlineMs, late, (ms) => {
      this.#silent(ms);
    });
    response.on('close', () => {
      this.#clientGone();
    });
  }

  /** Takes the body in and sends the call on its way; `refusal` answers it at once instead. */
  begin(refusal: GatewayError | undefined): void {
    if (refusal !== undefined) {
      this.failed(refusal);
      return;
    }
    if (this.route.kind === 'passthrough') {
      // Asked now: the HTTP client takes the socket from a request it has read.
      this.#publicOrigin = this.host.publicOrigin(this.request);
      this.#send(carriesBody(this.request) ? this.request : null);
      return;
    }
    this.#body.receive(this.request, (body) => {
      if (body instanceof GatewayError) this.failed(body);
      else this.#sendBuffered(body);
    });
  }

  head(status: number, headers: UpstreamResponseHeaders): void {
    this.#headAt = performance.now();
    this.#upstreamStatus = status;
    // A body that could not be read (compressed, say) may still have asked for a stream.
    if (this.route.kind === 'chat' && isEventStream(headers)) this.#form = 'openai-sse';
    this.#receiver = receiverFor(this, { status, headers }, this.#form, (flat) =>
      this.host.rewrite(flat, this.#publicOrigin),
    );
    if (this.#form === undefined) this.silence(undefined);
  }

  data(chunk: Buffer): void {
    if (this.route.kind === 'passthrough') this.#timers.extend();
    this.#receiver?.data(chunk);
  }

  end(): void {
    this.#receiver?.end();
  }

  facts(model = this.#model): ReplyFacts {
    const now = performance.now();
    const sentAt = this.#sentAt === 0 ? now : this.#sentAt;
    return {
      upstream: this.host.upstream.name,
      model,
      attempts: this.#attempts,
      totalMs: now - this.#arrived,
      upstreamMs: (this.#headAt === 0 ? now : this.#headAt) - sentAt,
    };
  }

  pause(): void {
    this.#attempt?.pause();
  }

  resume(): void {
    this.#attempt?.resume();
  }

  firstToken(): void {
    this.host.metrics.firstToken(performance.now() - this.#sentAt);
  }

  silence(ms: number | undefined): void {
    if (!this.#over) this.#timers.silence(ms);
  }

  succeeded(model?: string, usage?: Usage): void {
    if (this.route.kind === 'generate' || this.route.kind === 'chat') this.host.metrics.answered(model, usage);
    this.#finish('ok');
  }

  refused(error: UpstreamError, headers: readonly string[] = []): void {
    this.reply.fail(showUpstream(error), this.#form, this.facts(), headers);
    this.#finish(outcomeOf(error.status));
  }

  defective(defect: AnswerDefect): void {
    this.host.metrics.defect(defect.kind);
    if (defect.upstream !== undefined) {
      this.#upstreamStatus = defect.upstream.status;
      this.#log(defect.kind, defect.upstream.rpcStatus);
      this.refused(defect.upstream);
      return;
    }
    this.failed(defect.toGatewayError(), 'broken');
  }

  failed(error: Error, outcome: AttemptOutcome = 'timeout'): void {
    if (this.#over) return;
    // A connection that breaks behind a complete answer has done its work.
    if (!(error instanceof GatewayError) && this.#receiver?.salvage?.() === true) return;
    const shown = error instanceof GatewayError ? error : attemptError(error, this.#headAt > 0);
    if (shown.origin === 'upstream') this.#log(shown.code, shown.message);
    else if (shown.code === 'INTERNAL')
      this.host.log.error({ request_id: this.#identity.requestId, err: error }, 'a call failed inside the node');
    this.reply.fail(showOwn(shown, this.#identity.requestId), this.#form, this.facts());
    this.#finish(error instanceof GatewayError ? outcome : 'connection_error');
  }

  #sendBuffered(body: Buffer): void {
    if (this.#over) return;
    if (this.route.kind === 'chat') {
      const { model, streamed } = readChat(body);
      this.#model = model;
      if (streamed) this.#form = 'openai-sse';
    }
    if (this.#form !== undefined) this.silence(this.host.limits.firstTokenMs);
    this.#send(body.length === 0 ? null : body);
  }

  #send(body: Buffer | IncomingMessage | null): void {
    const { host, request, route } = this;
    const headers = upstreamHeaders(request.rawHeaders, {
      credential: host.credentials.forUpstream(request, route),
      traceparent: this.#identity.traceparent,
      identity: route.kind !== 'passthrough',
    });
    const length = request.headers['content-length'];
    if (body === request && length !== undefined) headers.push('content-length', length);
    this.#attempts++;
    this.#sentAt = performance.now();
    host.metrics.sent();
    this.#attempt = new UpstreamAttempt(host.pool, this);
    const { origin, basePath } = host.upstream;
    this.#attempt.send({ origin, path: basePath + route.target, method: request.method ?? 'GET', headers, body });
  }

  #silent(ms: number): void {
    if (this.#headAt === 0 || !this.reply.started) {
      this.failed(gatewayError('FIRST_TOKEN_TIMEOUT', `Gemini said nothing for ${ms} ms.`));
    } else {
      this.failed(
        gatewayError('STREAM_STALLED', `Gemini stopped in the middle of the answer and said nothing for ${ms} ms.`),
      );
    }
  }

  /** The client has the whole answer, or has left: then the upstream is told at once. */
  #clientGone(): void {
    if (this.#over) return;
    this.reply.status = 499;
    this.#finish('aborted');
  }

  #finish(outcome: AttemptOutcome): void {
    if (this.#over) return;
    this.#over = true;
    this.#timers.stop();
    if (outcome === 'ok') this.#attempt?.linger(this.host.limits.endGraceMs);
    else this.#attempt?.abort();
    this.#body.release();
    if (this.#attempts > 0) this.host.metrics.ended(outcome, this.#upstreamStatus, this.#model);
    this.host.finished({
      route: this.route.surface,
      method: this.request.method ?? 'GET',
      status: this.reply.status,
      broken: this.reply.broken,
      durationMs: performance.now() - this.#arrived,
      code: this.reply.code,
    });
  }

  #log(code: string, text: string): void {
    const event = this.reply.started ? 'stream_failed' : 'call_failed';
    const { requestId, traceId } = this.#identity;
    this.host.log.warn({ event, code, model: this.#model, request_id: requestId, trace_id: traceId }, text);
  }
}

/** A body is announced by its length or by its coding. */
function carriesBody(request: IncomingMessage): boolean {
  const { headers } = request;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
