import { type IncomingMessage, type ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { gatewayError } from '../kernel/error-codes.js';
import { type GatewayError } from '../kernel/gateway-error.js';
import { type Placed, SwapList } from '../kernel/swap-list.js';
import { ConnectionPool } from '../http-client/index.js';
import { publicOrigin, type TrustRule, trustRule } from '../platform/forwarded.js';
import { LOG, type Log } from '../platform/logging.js';
import { platformSettings } from '../platform/platform.settings.js';
import { isWebSocket } from '../platform/protocol-errors.js';
import { type RequestFinished } from '../platform/request-context.js';
import { RequestEvents } from '../platform/request-events.js';
import { type SettingsOf } from '../platform/settings.js';
import {
  Admission,
  Bulkheads,
  type Client,
  Clients,
  RateLimits,
  readPriority,
  RetryPolicy,
} from '../resilience/index.js';
import { Tracing } from '../tracing/index.js';
import { AnswerTimes } from './answer-times.service.js';
import { type CallDeadline } from './call-deadline.js';
import { Credentials } from './credentials.js';
import { type Route, routeOf } from './domain/route.js';
import { Exchange } from './exchange.js';
import { type ExchangeParts } from './exchange-parts.js';
import { type ExchangeHost } from './exchange-host.js';
import { GatewayMetrics } from './gateway.metrics.js';
import { geminiSettings } from './gemini.settings.js';
import { PrefillModels } from './prefill-models.service.js';
import { resumeSettings } from './resume.settings.js';
import { SharedAnswers } from './sharing/shared-answers.service.js';
import { type Upstream } from './upstream.js';
import { Targets } from './targets.service.js';
import { UpstreamService } from './upstream.service.js';
import { UpstreamVital } from './upstream.vital.js';

/** Response headers that hold an address of the upstream. */
const ADDRESS_HEADERS = new Set(['x-goog-upload-url', 'x-goog-upload-control-url', 'location']);

/** A call in flight, as far as the node must be able to end it. */
export interface Call extends Placed {
  readonly deadline: Pick<CallDeadline, 'lateMs'>;
  /** The client's side. */
  readonly reply?: { readonly begun: boolean; readonly over: boolean };
  failed(error: GatewayError): void;
}

/** The front door of the API: takes the calls to models ahead of Express. */
@Injectable()
export class Gateway implements ExchangeHost {
  readonly bodyLimits: ExchangeHost['bodyLimits'];
  readonly limits: ExchangeHost['limits'];
  readonly #open = new SwapList<Call>();
  readonly #trust: TrustRule;
  #draining = false;

  constructor(
    @Inject(geminiSettings.KEY) private readonly settings: SettingsOf<typeof geminiSettings>,
    @Inject(platformSettings.KEY) private readonly platform: SettingsOf<typeof platformSettings>,
    @Inject(LOG) readonly log: Log,
    readonly pool: ConnectionPool,
    readonly credentials: Credentials,
    readonly admission: Admission,
    readonly metrics: GatewayMetrics,
    readonly health: UpstreamVital,
    readonly targets: Targets,
    readonly policy: RetryPolicy,
    readonly bulkheads: Bulkheads,
    readonly times: AnswerTimes,
    @Inject(resumeSettings.KEY) readonly resume: SettingsOf<typeof resumeSettings>,
    readonly prefill: PrefillModels,
    private readonly clients: Clients,
    private readonly rates: RateLimits,
    readonly sharing: SharedAnswers,
    readonly tracing: Tracing,
    private readonly upstreams: UpstreamService,
    private readonly events: RequestEvents,
  ) {
    this.bodyLimits = platform;
    this.limits = settings;
    this.#trust = trustRule(platform.trustProxy);
    metrics.attach(() => this.streams);
  }

  get upstream(): Upstream {
    return this.upstreams.current;
  }

  /** Calls in flight. */
  get inFlight(): number {
    return this.#open.size;
  }

  /** Answers that are being sent: but for some milliseconds, streams. */
  get streams(): number {
    return this.#open.snapshot().filter(({ reply }) => reply?.begun === true && !reply.over).length;
  }

  /** How far calls are past their deadlines, ms, of those that are by more than `ms`. */
  lateBy(ms: number): number[] {
    return this.#open.snapshot().flatMap(({ deadline: { lateMs } }) => (lateMs > ms ? [lateMs] : []));
  }

  /** Takes a request if it is one of the API; false leaves it to the rest of the node. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const googleKey = request.headers['x-goog-api-key'] !== undefined;
    const route = routeOf(request.method ?? 'GET', request.url ?? '/', googleKey);
    if (route === undefined) return false;
    this.tracing.recorder?.arrived(request);
    const refused = 'refused' in route;
    const client = this.clients.of(request, refused ? undefined : route.queryKey);
    // Ahead of the key, so that guessing keys is limited too.
    const { refusal, headers } = this.rates.take(client, route.surface === 'openai' ? 'openai' : 'other');
    if (refused) {
      const parts = { request, response, route: refusedRoute(route.surface), client: client.name, headers };
      this.#begin(parts, refusal ?? gatewayError('BAD_REQUEST', route.refused));
    } else {
      this.#begin(
        { request, response, route, client: client.name, headers },
        refusal ?? this.#refusal(request, client),
      );
    }
    return true;
  }

  /** From now on new calls are refused; those in flight go on. */
  drain(): void {
    this.#draining = true;
  }

  /** Ends every call still in flight with an honest error. */
  cutShort(): void {
    for (const call of this.#open.snapshot()) call.failed(draining());
  }

  /** Makes a call and counts it in until its response closes. Throws, and makes none, when draining or at the limit. */
  enter<C extends Call>(response: ServerResponse, make: () => C): C {
    const refusal = this.#full(response.req);
    if (refusal !== undefined) throw refusal;
    const call = make();
    this.#watch(call, response, true);
    return call;
  }

  publicOrigin(request: IncomingMessage): string {
    return publicOrigin(request, this.platform.publicUrl, this.#trust);
  }

  rewrite(headers: string[], origin: string): string[] {
    for (let i = 0; i < headers.length; i += 2) {
      const value = headers[i + 1] as string;
      if (!ADDRESS_HEADERS.has(headers[i] as string) || !URL.canParse(value)) continue;
      const { pathname, search } = new URL(value);
      const { basePath } = this.upstream;
      const path = pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : pathname;
      headers[i + 1] = origin + path + search;
    }
    return headers;
  }

  finished(event: RequestFinished): void {
    this.events.finished.publish(event);
  }

  #begin(parts: ExchangeParts, refusal: GatewayError | undefined): void {
    const exchange = new Exchange(this, parts);
    this.#watch(exchange, parts.response, refusal === undefined);
    exchange.begin(refusal);
  }

  /** Keeps a call in sight until its response closes; a refused one has no place to give back. */
  #watch(call: Call, response: ServerResponse, placed: boolean): void {
    const since = performance.now();
    this.#open.add(call);
    response.on('close', () => {
      this.#open.remove(call);
      if (placed) this.admission.leave(performance.now() - since);
    });
  }

  #refusal(request: IncomingMessage, client: Client): GatewayError | undefined {
    if (request.headers.upgrade !== undefined && isWebSocket(request)) {
      return gatewayError('LIVE_NOT_SUPPORTED', 'Live (WebSocket) sessions are not served by this node.');
    }
    if (!client.admitted) {
      return gatewayError('UNAUTHENTICATED', 'The API key is not one of the keys this node accepts.');
    }
    return this.#full(request);
  }

  /** Takes a place for a call; the error to show when there is none. */
  #full({ headers }: IncomingMessage): GatewayError | undefined {
    return this.#draining ? draining() : this.admission.enter(readPriority(headers['x-l104-priority']));
  }
}

function draining(): GatewayError {
  return gatewayError('DRAINING', 'The node is shutting down.', { retryAfterMs: 1000 });
}

function refusedRoute(surface: Route['surface']): Route {
  return { surface, kind: 'call', target: '/', model: undefined, stream: undefined, queryKey: undefined };
}
