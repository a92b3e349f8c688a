import { request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { Injectable } from '@nestjs/common';
import { Lifecycle } from '../platform/lifecycle.js';
import { FileDescriptorsVital } from './file-descriptors.vital.js';
import { LoopDelayVital } from './loop-delay.vital.js';
import { NodeServer } from './node-server.service.js';
import { type Finding, type Vital, vitals } from './vital.js';

/** Time for one knock, ms. */
const LIMIT_MS = 5000;
/** Knocks in a row without an answer that are held against the node. */
const KNOCKS = 3;
/** Share of the time of a long knock for which the event loop was at work; above it, it was late for want of time. */
const BUSY = 0.8;
const LONG_MS = 1000;
/** What a machine says that has no descriptors or ports left for one connection more. */
const EXHAUSTED: readonly string[] = ['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS'];

/** Why a knock was not answered. */
interface Missed {
  readonly why: string;
  /** There was more to do than the node could: no fault of its own. */
  readonly overloaded: boolean;
}

/**
 * Whether the node still answers at its own front door, over a fresh connection on this machine. Nothing in the process
 * could tell otherwise that it has stopped taking connections. Who floods it must not make it restart itself.
 */
@vitals.contribute()
@Injectable()
export class FrontDoorVital implements Vital {
  readonly name = 'front_door';
  #missed: Missed[] = [];

  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly server: NodeServer,
    private readonly loop: LoopDelayVital,
    private readonly descriptors: FileDescriptorsVital,
  ) {}

  async refresh(signal: AbortSignal): Promise<void> {
    const { address } = this.server;
    if (this.lifecycle.phase !== 'running' || address === undefined) {
      // One that has begun to listen and listens no more is shut, unless it drains.
      if (this.lifecycle.phase === 'running') this.#miss({ why: 'it does not listen', overloaded: false });
      else this.#missed = [];
      return;
    }
    const [began, before] = [performance.now(), performance.eventLoopUtilization()];
    const why = await knock(address, AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]));
    if (why === undefined) this.#missed = [];
    else {
      const { utilization } = performance.eventLoopUtilization(before);
      const long = performance.now() - began >= LONG_MS;
      const busy = (long && utilization > BUSY) || this.loop.read() !== undefined;
      const crowded = EXHAUSTED.includes(why) || this.descriptors.flooded || (await this.server.full());
      this.#miss({ why, overloaded: busy || crowded });
    }
  }

  read(): Finding | undefined {
    const last = this.#missed.at(-1);
    if (this.#missed.length < KNOCKS || last === undefined) return undefined;
    const overloaded = this.#missed.some((missed) => missed.overloaded);
    return {
      severity: 'unhealthy',
      cause: overloaded ? 'local_overload' : 'internal_fault',
      evidence: { knocks: KNOCKS, last: last.why, overloaded },
      reason: `The node does not answer at its own front door (${last.why})${overloaded ? ': it has more to do than it can' : ''}.`,
      restartCures: !overloaded,
    };
  }

  forget(): void {
    this.#missed = [];
  }

  #miss(missed: Missed): void {
    this.#missed = [...this.#missed, missed].slice(-KNOCKS);
  }
}

/** Asks whether the node lives, as an orchestrator does; undefined when it says so, else why not. Never rejects. */
function knock({ host, port }: { host: string; port: number }, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const call = request({ host, port, path: '/health/live', agent: false, signal });
    call.on('response', (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? undefined : `status ${response.statusCode ?? 0}`);
    });
    call.on('error', (error: NodeJS.ErrnoException) => {
      resolve(signal.aborted ? 'no answer in time' : (error.code ?? 'connection error'));
    });
    call.end();
  });
}
