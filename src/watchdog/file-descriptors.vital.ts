import { readdir, readFile } from 'node:fs/promises';
import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../kernel/clock.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { descriptorLimit } from './domain/descriptor-limit.js';
import { LevelAlarm } from './domain/level-alarm.js';
import { NodeServer } from './node-server.service.js';
import { type VitalFigure } from './domain/vital-figure.js';
import { type Finding, type Vital, vitals } from './vital.js';

const ADVICE = 'Raise the limit on open files (ulimit -n, LimitNOFILE), or lower MAX_CONCURRENT_CALLS.';

/** Descriptors as of the last look. */
interface Reading {
  readonly open: number;
  readonly limit: number;
  /** Connections that clients hold. */
  readonly clients: number;
  /** Epoch ms. */
  readonly at: number;
}

/** Open file descriptors against the limit of the process: at the limit it takes and makes no connections. */
@vitals.contribute()
@Injectable()
export class FileDescriptorsVital implements Vital {
  readonly name = 'file_descriptors';
  readonly #alarm = new LevelAlarm({ raiseAt: 0.85, clearBelow: 0.8, readings: 1 });
  #reading: Reading | undefined;

  constructor(
    @Inject(NodeServer) private readonly server: NodeServer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Whether clients hold so many that there may be none left for anybody else. */
  get flooded(): boolean {
    return this.#alarm.raised && this.#reading !== undefined && mostlyClients(this.#reading);
  }

  async refresh(): Promise<void> {
    this.#reading = await this.#look();
    if (this.#reading === undefined) this.#alarm.clear();
    else this.#alarm.take(this.#reading.open, this.#reading.limit);
  }

  figures(): VitalFigure[] {
    const { open: value = null, limit = null, at = this.clock.wall() } = this.#reading ?? {};
    const fills = { subject: 'running out of file descriptors', advice: ADVICE };
    return [{ name: 'file_descriptors', value, unit: 'count', limit, stays: 'below', at, fills }];
  }

  read(): Finding | undefined {
    if (!this.#alarm.raised || this.#reading === undefined) return undefined;
    const { open, limit, clients } = this.#reading;
    return {
      severity: 'degraded',
      cause: 'local_overload',
      evidence: { open, limit, client_connections: clients },
      reason: `The node runs out of file descriptors: ${open} of ${limit} are open, ${clients} of them connections of clients.`,
      // Clients who flood it would flood the next process too; what is not theirs, and not given back, is a leak.
      restartCures: !mostlyClients(this.#reading),
      advice: ADVICE,
    };
  }

  /** Undefined where the system does not tell. */
  async #look(): Promise<Reading | undefined> {
    const [names, limits] = await Promise.all([
      readdir('/proc/self/fd').catch(() => undefined),
      readFile('/proc/self/limits', 'utf8').catch(() => ''),
    ]);
    const limit = descriptorLimit(limits);
    if (names === undefined || limit === undefined) return undefined;
    return { open: names.length, limit, clients: await this.server.connections(), at: this.clock.wall() };
  }
}

function mostlyClients({ open, clients }: Reading): boolean {
  return clients * 2 >= open;
}
