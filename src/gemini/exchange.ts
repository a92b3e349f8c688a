import { type IncomingMessage, type ServerResponse } from 'node:http';
import { gatewayError } from '../kernel/error-codes.js';
import { GatewayError } from '../kernel/gateway-error.js';
import { type Placed } from '../kernel/swap-list.js';
import { logFields } from '../platform/logging.js';
import { identityOf } from '../platform/request-context.js';
import { type RequestIdentity } from '../platform/identifiers.js';
import { type Usage } from './domain/answer-state.js';
import { readChat } from './domain/chat-request.js';
import { deadlineOf } from './domain/deadline.js';
import { showOwn, showUpstream } from './domain/dialect.js';
import { upstreamHeaders } from './domain/headers.js';
import { type Route, type StreamForm } from './domain/route.js';
import { type ExchangeHost } from './exchange-host.js';
import { type AttemptOutcome } from './gateway.metrics.js';
import { Reply } from './reply.js';
import { type ReplyFacts, type ReplyPort } from './reply-port.js';
import { RequestBody } from './request-body.js';
import { Run, type RunOwner, type RunResult } from './run.js';
import { UpstreamAttempt } from './upstream-attempt.js';

/** What makes a call. */
export interface ExchangeParts {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: Route;
  /** The client's side, where it is not the plain one of the route's surface. */
  readonly reply?: ReplyPort;
  /** False when somebody else counts the request. */
  readonly counted?: boolean;
}

/** One call of a client, from its first byte to the last of the answer; its attempts are runs. */
export class Exchange implements RunOwner, Placed {
  place = -1;
  readonly route: Route;
  readonly reply: ReplyPort;
  readonly limits: ExchangeHost['limits'];
  readonly #identity: RequestIdentity;
  readonly #arrived = performance.now();
  readonly #body: RequestBody;
  readonly #deadline: NodeJS.Timeout;
  #run: Run | undefined;
  #attempts = 0;
  /** Form of the stream the client asked for, known once the body has been read. */
  #form: StreamForm | undefined;
  #model: string | undefined;
  /** Address under which the client reached the node. */
  #publicOrigin = '';
  #over = false;

  constructor(
    private readonly host: ExchangeHost,
    private readonly parts: ExchangeParts,
  ) {
    const { request, response, route, reply } = parts;
    this.limits = host.limits;
    this.#identity = identityOf(request);
    this.#form = route.stream;
    this.#model = route.model;
    this.route = route;
    this.reply = reply ?? new Reply(response, route.surface, this.#identity);
    this.#body = new RequestBody(host.admission, host.bodyLimits);
    const deadlineMs = deadlineOf(request.headers, host.limits.deadlineMs);
    this.#deadline = setTimeout(() => {
      this.failed(gatewayError('DEADLINE_EXCEEDED', `No whole answer within ${Math.round(deadlineMs)} ms.`));
    }, deadlineMs);
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
      this.#publicOrigin = this.host.publicOrigin(this.parts.request);
      this.#send(carriesBody(this.parts.request) ? this.parts.request : null);
      return;
    }
    this.#body.receive(this.parts.request, (body) => {
      if (body instanceof GatewayError) this.failed(body);
      else this.sendBuffered(body);
    });
  }

  /** Ends the call with an error of the node, whatever state it is in. */
  failed(error: GatewayError): void {
    if (this.#over) return;
    this.reply.fail(showOwn(error, this.#identity.requestId), this.#run?.form ?? this.#form, this.facts(this.#run));
    this.#finish('timeout');
  }

  facts(run: Run | undefined, model = this.#model): ReplyFacts {
    return {
      upstream: this.host.upstream.name,
      model,
      attempts: this.#attempts,
      totalMs: performance.now() - this.#arrived,
      upstreamMs: run?.upstreamMs ?? 0,
    };
  }

  rewrite(headers: string[]): string[] {
    return this.host.rewrite(headers, this.#publicOrigin);
  }

  claimed(): void {
    // A single run has nobody to compete with.
  }

  firstToken(ms: number): void {
    this.host.metrics.firstToken(ms);
  }

  answered(model: string | undefined, usage: Usage | undefined): void {
    if (this.route.kind === 'generate' || this.route.kind === 'chat') this.host.metrics.answered(model, usage);
  }

  alive(): void {
    if (this.route.kind === 'passthrough') this.#deadline.refresh();
  }

  ended(run: Run, result: RunResult): void {
    const { outcome, status, refused, failed, defect } = result;
    this.host.metrics.ended(outcome, status, run.model);
    this.host.health.ended(outcome, status);
    if (defect !== undefined) this.host.metrics.defect(defect.kind);
    if (this.#over) return;
    if (refused !== undefined) {
      if (defect !== undefined) this.#log(defect.kind, refused.error.rpcStatus);
      this.reply.fail(showUpstream(refused.error), run.form, this.facts(run), refused.headers);
    } else if (failed !== undefined) {
      if (failed.origin === 'upstream') this.#log(failed.code, failed.message);
      else
        this.host.log.error(
          { ...logFields(this.#identity), err: failed.cause ?? failed },
          'a call failed inside the node',
        );
      this.reply.fail(showOwn(failed, this.#identity.requestId), run.form, this.facts(run));
    }
    this.#finish();
  }

  /** Sends a body that is there already. */
  sendBuffered(body: Buffer): void {
    if (this.#over) return;
    if (this.route.kind === 'chat') {
      const { model, streamed } = readChat(body);
      this.#model = model;
      if (streamed) this.#form = 'openai-sse';
    }
    this.#send(body.length === 0 ? null : body);
  }

  #send(body: Buffer | IncomingMessage | null): void {
    const { host, route } = this;
    const { request } = this.parts;
    const headers = upstreamHeaders(request.rawHeaders, {
      credential: host.credentials.forUpstream(request, route),
      traceparent: this.#identity.traceparent,
      identity: route.kind !== 'passthrough',
    });
    const length = request.headers['content-length'];
    if (body === request && length !== undefined) headers.push('content-length', length);
    this.#attempts++;
    host.metrics.sent();
    const { origin, basePath } = host.upstream;
    this.#run = new Run(this, (listener) => new UpstreamAttempt(host.pool, listener), this.#model, this.#form);
    const sent = { origin, path: basePath + route.target, method: request.method ?? 'GET', headers, body };
    this.#run.send(sent, host.limits.firstTokenMs);
  }

  /** The client has the whole answer, or has left: then the upstream is told at once. */
  #clientGone(): void {
    if (this.#over) return;
    this.reply.status = 499;
    this.#finish();
  }

  /** @param outcome what becomes of the run, if it has not ended by itself */
  #finish(outcome: AttemptOutcome = 'aborted'): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#deadline);
    this.#run?.abandon(outcome);
    this.#body.release();
    if (this.parts.counted === false) return;
    this.host.finished({
      route: this.route.surface,
      method: this.parts.request.method ?? 'GET',
      status: this.reply.status,
      broken: this.reply.broken,
      durationMs: performance.now() - this.#arrived,
      code: this.reply.code,
    });
  }

  #log(code: string, text: string): void {
    const event = this.reply.started ? 'stream_failed' : 'call_failed';
    this.host.log.warn({ event, code, model: this.#model, ...logFields(this.#identity) }, text);
  }
}

/** A body is announced by its length or by its coding. */
function carriesBody(request: IncomingMessage): boolean {
  const { headers } = request;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
