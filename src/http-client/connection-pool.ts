import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Agent, type Dispatcher } from 'undici';
import { type Clock } from '../kernel/clock.js';
import { EventStream } from '../kernel/event-stream.js';
import { LOG, type Log } from '../platform/logging.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type SettingsOf } from '../platform/settings.js';
import { connectionFault, type ConnectionFault, type PoolFault } from './domain/connection-error.js';
import { ErrorBudget } from './domain/error-budget.js';
import { dispatcherOf, proxied } from './dispatcher.js';
import { httpClientSettings } from './http-client.settings.js';
import { HttpClientMetrics } from './http-client.metrics.js';
import { SHARED_READ } from './shared-read.js';

type Settings = SettingsOf<typeof httpClientSettings>;

/** One set of connections, made and retired together. */
interface PoolGeneration {
  readonly number: number;
  readonly reason: string;
  readonly dispatcher: Dispatcher;
  /** Agents of the buffered client (axios). */
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

/** Fact: new connections are in the place of the old ones. */
export interface PoolRecycled {
  readonly generation: number;
  readonly reason: string;
  /** The errors after which the pool recycled itself; undefined when it was told to. */
  readonly own?: { readonly errors: number; readonly fault: PoolFault };
}

/**
 * The connections to the upstream, in generations: recycling puts a new generation in
 * place at once and lets the calls and streams on the old one finish.
 */
@Injectable()
export class ConnectionPool implements OnApplicationShutdown {
  readonly recycled: EventStream<PoolRecycled>;
  readonly #budget: ErrorBudget;
  #current: PoolGeneration;
  /** Number of the latest generation on which a call was answered. */
  #worked = 0;
  #lastRecycle: { reason: string; at: number } | undefined;

  constructor(
    @Inject(httpClientSettings.KEY) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    private readonly metrics: HttpClientMetrics,
  ) {
    this.recycled = new EventStream((error) => {
      log.error({ err: error }, 'a listener of the connection pool failed');
    });
    this.#budget = new ErrorBudget(clock, settings.errorThreshold, settings.recycleCooldownMs);
    this.#current = this.#create(1, 'start');
    metrics.attach({
      generation: () => this.#current.number,
      errors: () => this.#budget.errors,
      lastRecycle: () => this.#lastRecycle?.at,
    });
  }

  /** Connection errors counted since the last success or recycling. */
  get errors(): number {
    return this.#budget.errors;
  }

  /** Number of the generation that new calls use; the first is 1. */
  get generation(): number {
    return this.#current.number;
  }

  /** Whether a call on the current generation has been answered, with whatever status. */
  get worked(): boolean {
    return this.#worked === this.#current.number;
  }

  /** When and why the pool was last recycled; `at` is wall-clock ms. */
  get lastRecycle(): { readonly reason: string; readonly at: number } | undefined {
    return this.#lastRecycle;
  }

  /** Agents of the current generation for the buffered client. */
  get agents(): { readonly httpAgent: HttpAgent; readonly httpsAgent: HttpsAgent } {
    return { httpAgent: this.#current.http, httpsAgent: this.#current.https };
  }

  /** Sends a request on the current generation; the handler hears of everything, also of failing to connect. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#current.dispatcher.dispatch(options, handler);
  }

  /** A call that was dispatched on a generation is answered. */
  answered(generation: number): void {
    this.#worked = Math.max(this.#worked, generation);
    this.succeeded(generation);
  }

  /** A response arrived on a generation: its connections work. */
  succeeded(generation: number): void {
    if (generation === this.#current.number) this.#budget.succeed();
  }

  /**
   * Counts an error of an attempt on a generation if it is one of the connection, and recycles the pool when
   * they have become too many. Returns the kind of the error.
   */
  failed(error: unknown, generation: number): ConnectionFault | undefined {
    const fault = connectionFault(error);
    if (fault !== undefined) this.#count(fault, generation);
    return fault;
  }

  /** No head of an answer came within the limit: the connection may be dead without either side knowing. */
  silent(generation: number): void {
    this.#count('silent', generation);
  }

  /** Puts a new generation in place and drains the old one; live streams go on. */
  recycle(reason: string): void {
    this.#recycle(reason);
  }

  #recycle(reason: string, own?: PoolRecycled['own']): void {
    const old = this.#current;
    this.#current = this.#create(old.number + 1, reason);
    this.#budget.recycled();
    this.#lastRecycle = { reason, at: this.clock.wall() };
    this.metrics.recycled();
    retire(old);
    this.recycled.publish({ generation: this.#current.number, reason, ...(own === undefined ? {} : { own }) });
  }

  async onApplicationShutdown(): Promise<void> {
    this.#current.http.destroy();
    this.#current.https.destroy();
    await this.#current.dispatcher.destroy();
  }

  #count(fault: PoolFault, generation: number): void {
    this.metrics.fault(fault);
    // What still dies of an older generation says nothing of the one in its place.
    if (generation === this.#current.number && this.#budget.fail()) {
      const { errors } = this.#budget;
      this.log.warn({ event: 'http_client_auto_reset', errors, fault }, 'too many connection errors');
      this.#recycle('connection errors', { errors, fault });
    }
  }

  #create(number: number, reason: string): PoolGeneration {
    const { connectTimeoutMs, callConnections, idleTimeoutMs, maxConnections, keepAliveConnections } = this.settings;
    const options: Agent.Options = {
      connections: callConnections,
      pipelining: 1,
      keepAliveTimeout: idleTimeoutMs,
      // An upstream that promises more in `Keep-Alive` may be behind something that does not.
      keepAliveMaxTimeout: idleTimeoutMs,
      // Through a proxy, what the socket reads is for the TLS above it.
      connect: { timeout: connectTimeoutMs, noDelay: true, ...(proxied() ? {} : { onread: SHARED_READ }) },
      // Every call sets its own limits.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: 64 * 1024,
    };
    const agent = {
      keepAlive: true,
      maxSockets: maxConnections,
      maxFreeSockets: keepAliveConnections,
      timeout: idleTimeoutMs,
    };
    this.log.info({ event: 'http_client_created', generation: number, reason }, 'connection pool created');
    return {
      number,
      reason,
      dispatcher: dispatcherOf(options),
      http: new HttpAgent(agent),
      https: new HttpsAgent(agent),
    };
  }
}

/** Lets what runs on a generation finish, then closes its connections. */
function retire({ dispatcher, http, https }: PoolGeneration): void {
  void dispatcher.close();
  for (const agent of [http, https]) {
    agent.maxFreeSockets = 0;
    for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
  }
}
