import { totalmem } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../kernel/clock.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { LevelAlarm } from './domain/level-alarm.js';
import { megabytes } from './domain/megabytes.js';
import { type VitalFigure } from './domain/vital-figure.js';
import { type Finding, type Vital, vitals } from './vital.js';

const ADVICE = 'Raise the memory limit of the container, or lower MAX_CONCURRENT_CALLS.';

/**
 * What the process holds of the memory its container may use: at the limit the kernel kills it. The system takes memory
 * back late, hence the wide gap between raising and clearing.
 */
@vitals.contribute()
@Injectable()
export class ResidentMemoryVital implements Vital {
  readonly name = 'resident_memory';
  readonly #alarm = new LevelAlarm({ raiseAt: 0.9, clearBelow: 0.8, readings: 3 });
  readonly #limit = limitOf(process.constrainedMemory(), totalmem());
  #used = 0;

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  figures(): VitalFigure[] {
    const [value, limit] = [process.memoryUsage.rss(), this.#limit ?? null];
    const fills = { subject: 'running out of memory in its container', advice: ADVICE };
    return [{ name: 'resident_memory', value, unit: 'bytes', limit, stays: 'below', at: this.clock.wall(), fills }];
  }

  refresh(): Promise<void> {
    if (this.#limit === undefined) return Promise.resolve();
    this.#used = process.memoryUsage.rss();
    this.#alarm.take(this.#used, this.#limit);
    return Promise.resolve();
  }

  read(): Finding | undefined {
    if (!this.#alarm.raised) return undefined;
    const [used, limit] = [megabytes(this.#used), megabytes(this.#limit ?? 0)];
    return {
      severity: 'degraded',
      cause: 'local_overload',
      evidence: { resident_mib: used, limit_mib: limit },
      reason: `The node runs out of memory: it holds ${used} of the ${limit} MiB that its container may use.`,
      restartCures: true,
      advice: ADVICE,
    };
  }
}

/** The limit of the container (cgroup v1 or v2), bytes; undefined where none is below what the machine has. */
export function limitOf(constrained: number | undefined, total: number): number | undefined {
  return constrained !== undefined && constrained > 0 && constrained < total ? constrained : undefined;
}
