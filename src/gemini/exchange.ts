import { type IncomingMessage } from 'node:http';
import { gatewayError } from '../kernel/error-codes.js';
import { GatewayError } from '../kernel/gateway-error.js';
import { type Placed } from '../kernel/swap-list.js';
import { logFields } from '../platform/logging.js';
import { identityOf, noteCall } from '../platform/request-context.js';
import { type Priority, readPriority } from '../resilience/index.js';
import { type RequestIdentity } from '../platform/identifiers.js';
import { hurry } from '../platform/unread-body.js';
import { type CallTrace } from '../tracing/index.js';
import { Attempts } from './attempts.js';
import { type AttemptsCall } from './attempts-call.js';
import { CallRecord } from './call-record.js';
import { CallDeadline } from './call-deadline.js';
import { readChat } from './domain/chat-request.js';
import { deadlineOf } from './domain/deadline.js';
import { showOwn, showUpstream } from './domain/dialect.js';
import { thinkingBudget } from './domain/thinking-budget.js';
import { type Route, type StreamForm } from './domain/route.js';
import { type ExchangeHost } from './exchange-host.js';
import { type ExchangeParts } from './exchange-parts.js';
import { Reply } from './reply.js';
import { type BeatingCall, type ReplyFacts, type ReplyPort } from './reply-port.js';
import { carriesBody, RequestBody } from './request-body.js';
import { type Run } from './run.js';
import { type RunResult } from './run-result.js';
import { type Asker, type Asking } from './sharing/asker.js';
import { type Share } from './sharing/share.js';

/** One call of a client, from its first byte to the last of the answer. */
export class Exchange implements Asker, BeatingCall, Placed {
  place = -1;
  readonly route: Route;
  readonly reply: ReplyPort;
  readonly request: IncomingMessage;
  readonly priority: Priority;
  readonly deadline: CallDeadline;
  readonly trace: CallTrace | undefined;
  readonly #identity: RequestIdentity;
  readonly #arrived = performance.now();
  readonly #body: RequestBody;
  readonly #record: CallRecord;
  readonly #attempts: Attempts;
  /** The call's part in an answer that others may get too, where it has one. */
  #share: Share | undefined;
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
    const { request, response, route, reply, headers } = parts;
    this.request = request;
    this.#identity = identityOf(request);
    this.trace = host.tracing.recorder?.of(this.#identity);
    this.priority = readPriority(request.headers['x-l104-priority']);
    this.#form = route.stream;
    this.#model = route.model;
    this.route = route;
    this.reply = reply ?? new Reply(response, route.surface, this.#identity, headers);
    this.#record = new CallRecord(route, this.#arrived);
    this.#body = new RequestBody(host.admission, host.bodyLimits);
    this.#attempts = new Attempts(host, this);
    const deadlineMs = deadlineOf(request.headers, host.limits.deadlineMs);
    this.deadline = new CallDeadline(deadlineMs, () => {
      this.failed(gatewayError('DEADLINE_EXCEEDED', `No whole answer within ${Math.round(deadlineMs)} ms.`));
    });
    response.on('close', () => {
      this.#clientGone();
    });
  }

  get over(): boolean {
    return this.#over;
  }

  get finished(): boolean {
    return this.#asking.finished;
  }

  get traceparent(): string {
    return this.#identity.traceparent;
  }

  get leftMs(): number {
    return this.deadline.leftMs;
  }

  /** Takes the body in and sends the call on its way; `refusal` answers it at once instead. */
  begin(refusal: GatewayError | undefined): void {
    if (refusal !== undefined && !this.host.sharing.mayStandIn(refusal, this.route)) {
      this.failed(refusal);
      return;
    }
    if (this.route.kind === 'passthrough') {
      // Asked now: the HTTP client takes the socket from a request it has read.
      this.#publicOrigin = this.host.publicOrigin(this.request);
      if (!this.host.targets.wantsBody(this.request, this.route, this.host.bodyLimits.bodyLimit)) {
        this.#attempts.once(carriesBody(this.request) ? this.request : null, this.#model);
        return;
      }
    }
    this.#body.receive(this.request, (body) => {
      if (body instanceof GatewayError) this.failed(refusal ?? body);
      else this.sendBuffered(body, refusal);
    });
  }

  /** Sends a body that is there already; with a `refusal` only an older answer can help. */
  sendBuffered(body: Buffer, refusal?: GatewayError): void {
    if (this.#over) return;
    if (this.route.kind === 'passthrough') {
      this.#attempts.once(body, this.#model);
      return;
    }
    if (this.route.surface === 'openai') {
      const { model, streamed } = readChat(body);
      this.#model = model;
      if (streamed && this.route.kind === 'chat') this.#form = 'openai-sse';
    }
    const asked = this.#model ?? '';
    const models = [asked, ...this.#fallbacks(asked)];
    const { sharing } = this.host;
    if (sharing.on && this.parts.reply === undefined) this.#share = sharing.share(this, body);
    if (refusal !== undefined) {
      this.failed(refusal);
      return;
    }
    // The one shared call counts the memory of its body itself; those who join it need none.
    if (this.#share !== undefined) this.#body.release();
    if (this.#form !== undefined) this.reply.keepAlive?.(this.#form, this.host.limits, this);
    const thinking = thinkingBudget(body, this.route.surface);
    this.#asking.ask({ body, form: this.#form, models, thinking, shorter: this.parts.shorter });
  }

  attemptsFor(call: AttemptsCall): Asking {
    return new Attempts(this.host, call);
  }

  /** Ends the call with an error of the node, whatever state it is in. */
  failed(error: GatewayError): void {
    if (this.#over) return;
    if (this.#share?.standIn(error) !== true) {
      this.reply.fail(showOwn(error, this.#identity.requestId), this.#form, this.facts(undefined));
    }
    this.#finish('timeout');
  }

  settled(run: Run | undefined, failure: RunResult | undefined): void {
    if (this.#over) return;
    if (failure !== undefined && this.#share?.standIn(failure) !== true) this.#show(run, failure);
    this.#finish('aborted');
  }

  facts(run: Run | undefined, model = run?.model ?? this.#model): ReplyFacts {
    const totalMs = performance.now() - this.#arrived;
    // A run may be older than a call that joined it.
    const upstreamMs = Math.min(run?.upstreamMs ?? 0, totalMs);
    return this.#record.told({
      upstream: this.host.upstream.name,
      model,
      attempts: this.#asking.sent,
      healing: this.#asking.healing(run),
      totalMs,
      upstreamMs,
      queueMs: Math.min(this.#asking.queuedMs, totalMs - upstreamMs),
    });
  }

  rewrite(headers: string[]): string[] {
    return this.host.rewrite(headers, this.#publicOrigin);
  }

  /** A transfer may take any time as long as it goes on. */
  alive(): void {
    this.deadline.extend();
  }

  log(event: string, fields: Record<string, unknown>, text: string): void {
    const level = event === 'retry_exhausted' || event.endsWith('_failed') ? 'warn' : 'info';
    if (event === 'stream_resumed') this.#record.resumed = true;
    this.trace?.mark(event, fields);
    this.host.log[level]({ event, asked: this.#model, ...fields, ...logFields(this.#identity) }, text);
  }

  get #asking(): Asking {
    return this.#share ?? this.#attempts;
  }

  #fallbacks(asked: string): readonly string[] {
    // Vectors and token counts of another model are no answer.
    if (this.route.kind === 'call' || asked === '' || this.request.headers['x-l104-fallback'] === 'off') return [];
    const named = this.host.targets.fallbacks(asked);
    return named.length > 0 ? named : (this.parts.fallbacks ?? []).filter((model) => model !== asked);
  }

  #show(run: Run | undefined, { refused, failed, defect }: RunResult): void {
    const form = run?.form ?? this.#form;
    const event = this.reply.started ? 'stream_failed' : 'call_failed';
    if (refused !== undefined) {
      if (defect !== undefined) this.log(event, { code: defect.kind }, refused.error.rpcStatus);
      this.reply.fail(showUpstream(refused.error), form, this.facts(run), refused.headers);
    } else if (failed !== undefined) {
      if (failed.code === 'INTERNAL') {
        this.host.log.error(
          { ...logFields(this.#identity), err: failed.cause ?? failed },
          'a call failed inside the node',
        );
      } else this.log(event, { code: failed.code }, failed.message);
      this.reply.fail(showOwn(failed, this.#identity.requestId), form, this.facts(run));
    }
  }

  /** The client has the whole answer, or has left: then the upstream is told at once. */
  #clientGone(): void {
    if (this.#over) return;
    this.reply.status = 499;
    this.#finish('aborted');
  }

  /** @param outcome what becomes of the attempts that have not ended by themselves */
  #finish(outcome: 'aborted' | 'timeout'): void {
    this.#over = true;
    this.deadline.stop();
    this.#asking.abandon(outcome);
    this.#body.release();
    if (!this.request.complete) hurry(this.request, this.host.bodyLimits.receiveTimeoutMs);
    const call = this.#record.facts(this.#asking, this.#model, this.#form !== undefined);
    if (this.parts.counted === false) {
      noteCall(this.request, call);
      return;
    }
    this.host.finished({
      route: this.route.surface,
      method: this.request.method ?? 'GET',
      status: this.reply.status,
      broken: this.reply.broken,
      durationMs: performance.now() - this.#arrived,
      code: this.reply.code,
      identity: this.#identity,
      client: this.parts.client,
      call,
    });
  }
}
