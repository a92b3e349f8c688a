import { type Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type INestApplicationContext } from '@nestjs/common';
import { LiveEvents } from './heal/index.js';
import { type Gateway, type Sessions } from './gemini/index.js';
import { type StoreHandover } from './memory/index.js';
import { type DrainProgress, type Lifecycle } from './platform/lifecycle.js';
import { type Log } from './platform/logging.js';

/** How often the number of running answers is looked at, ms. */
const LOOK_MS = 50;
/** Time for the last error events to reach clients whose answers are cut short, ms. */
const LAST_WORDS_MS = 500;
/** Longest wait for the end of requests that are no calls to models, ms; a stream of events or of the page never ends. */
const LAST_REQUESTS_MS = 2000;
/** How long idle connections stay open where another process listens, ms: a request may be on its way on one of them. */
const HANDOVER_MS = 2000;

interface DrainParts {
  readonly app: INestApplicationContext;
  readonly server: Server;
  readonly gateway: Gateway;
  readonly lifecycle: Lifecycle;
  readonly sessions: Sessions;
  readonly store: StoreHandover;
  readonly log: Log;
}

/** Leaves the service in order: not ready, then closed to new work, then finished, then gone. */
export class Drain {
  #running: Promise<void> | undefined;

  constructor(
    private readonly parts: DrainParts,
    private readonly times: { readonly shutdownDelayMs: number; readonly shutdownGraceMs: number },
  ) {}

  /** Runs once; later callers wait for the same end. @param replaced whether another process listens on the same port */
  run(replaced = false): Promise<void> {
    this.#running ??= this.#run(replaced);
    return this.#running;
  }

  async #run(replaced: boolean): Promise<void> {
    const { app, server, gateway, lifecycle, log } = this.parts;
    const begun = performance.now();
    lifecycle.drain = () => this.#progress(begun, replaced);
    lifecycle.phase = 'draining';
    log.info({ event: 'drain_started', streams: gateway.inFlight, replaced }, 'draining: not ready any more');
    await (replaced ? this.#handOver() : this.#turnAway());
    app.get(LiveEvents).end();
    const deadline = performance.now() + this.times.shutdownGraceMs;
    if (replaced) await this.#letGoOfStore(deadline);
    await this.#until(() => gateway.inFlight === 0, deadline);
    const cut = gateway.inFlight;
    if (cut > 0) {
      gateway.cutShort();
      await sleep(LAST_WORDS_MS);
    }
    await this.#until(async () => (await this.#connections()) === 0, performance.now() + LAST_REQUESTS_MS);
    server.closeAllConnections();
    await app.close();
    log.info({ event: 'drain_finished', cut_short: cut }, 'drained');
  }

  /** How far it has come; what still runs has the grace once new requests are refused. */
  #progress(begun: number, replaced: boolean): DrainProgress {
    const { gateway } = this.parts;
    const { shutdownDelayMs, shutdownGraceMs } = this.times;
    const waits = replaced ? HANDOVER_MS : shutdownDelayMs;
    const gone = performance.now() - begun;
    const streams = gateway.streams;
    return {
      streams,
      calls: Math.max(0, gateway.inFlight - streams),
      leftMs: Math.max(0, waits + shutdownGraceMs - gone),
      refusesInMs: replaced ? undefined : Math.max(0, waits - gone),
    };
  }

  /** Serves on while load balancers take notice, then refuses what is new. */
  async #turnAway(): Promise<void> {
    await sleep(this.times.shutdownDelayMs);
    this.parts.gateway.drain();
    // Refuses new connections and closes idle ones; those with a request go on.
    this.parts.server.close();
  }

  /** Leaves new connections to the other process. Nothing is refused: whoever still comes is served, and told to connect anew. */
  async #handOver(): Promise<void> {
    // Not the close of the HTTP server, which would cut idle connections at once.
    NetServer.prototype.close.call(this.parts.server);
    await sleep(HANDOVER_MS);
  }

  /**
   * The other process waits for the database, and requests to it with that: it gets it as soon as no request here needs it,
   * while calls to models still run.
   */
  async #letGoOfStore(deadline: number): Promise<void> {
    const { gateway, sessions, store } = this.parts;
    const onlyCalls = async (): Promise<boolean> => (await this.#connections()) <= gateway.inFlight;
    await this.#until(onlyCalls, performance.now() + LAST_REQUESTS_MS);
    await this.#until(() => sessions.visits === 0, deadline);
    await store.letGo();
  }

  #connections(): Promise<number> {
    const { server } = this.parts;
    return promisify(server.getConnections.bind(server))();
  }

  /** Waits until it is so, or until the deadline by the monotonic clock. */
  async #until(so: () => boolean | Promise<boolean>, deadline: number): Promise<void> {
    while (!(await so()) && performance.now() < deadline) {
      // Those whose last answer began before the drain were not told to connect anew.
      this.parts.server.closeIdleConnections();
      await sleep(LOOK_MS);
    }
  }
}
