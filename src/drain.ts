import { type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type INestApplicationContext } from '@nestjs/common';
import { type Gateway } from './gemini/index.js';
import { LiveEvents } from './heal/index.js';
import { type Lifecycle } from './platform/lifecycle.js';
import { type Log } from './platform/logging.js';

/** How often the number of running answers is looked at, ms. */
const LOOK_MS = 50;
/** Time for the last error events to reach clients whose answers are cut short, ms. */
const LAST_WORDS_MS = 500;

interface DrainParts {
  readonly app: INestApplicationContext;
  readonly server: Server;
  readonly gateway: Gateway;
  readonly lifecycle: Lifecycle;
  readonly log: Log;
}

/** Leaves the service in order: not ready, then closed to new work, then finished, then gone. */
export class Drain {
  #running: Promise<void> | undefined;

  constructor(
    private readonly parts: DrainParts,
    private readonly times: { readonly shutdownDelayMs: number; readonly shutdownGraceMs: number },
  ) {}

  /** Runs once; later callers wait for the same end. */
  run(): Promise<void> {
    this.#running ??= this.#run();
    return this.#running;
  }

  async #run(): Promise<void> {
    const { app, server, gateway, lifecycle, log } = this.parts;
    const { shutdownDelayMs, shutdownGraceMs } = this.times;
    lifecycle.phase = 'draining';
    log.info({ event: 'drain_started', streams: gateway.inFlight }, 'draining: not ready any more');
    await sleep(shutdownDelayMs);
    gateway.drain();
    app.get(LiveEvents).end();
    // Refuses new connections and closes idle ones; those with a request go on.
    server.close();
    const deadline = performance.now() + shutdownGraceMs;
    while (gateway.inFlight > 0 && performance.now() < deadline) await sleep(LOOK_MS);
    const cut = gateway.inFlight;
    if (cut > 0) {
      gateway.cutShort();
      await sleep(LAST_WORDS_MS);
    }
    server.closeAllConnections();
    await app.close();
    log.info({ event: 'drain_finished', cut_short: cut }, 'drained');
  }
}
