import { constants, PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type Clock } from '../kernel/clock.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { LevelAlarm } from './domain/level-alarm.js';
import { megabytes } from './domain/megabytes.js';
import { oldGeneration } from './domain/old-generation.js';
import { type VitalFigure } from './domain/vital-figure.js';
import { type Finding, type Vital, vitals } from './vital.js';

const ADVICE = 'Raise the limit (NODE_OPTIONS=--max-old-space-size), or lower MAX_CONCURRENT_CALLS.';

/** What the observer of collections tells of one. */
interface Collection {
  readonly detail?: { readonly kind?: number };
}

/**
 * What a collection of all garbage leaves in use of V8's old generation, against the limit at which the process dies.
 * Between collections what is used holds garbage, and says nothing but that there is no more than that. V8 gives up
 * somewhere above 80 % of the limit, when it does little but collect.
 */
@vitals.contribute()
@Injectable()
export class HeapVital implements Vital, OnModuleDestroy {
  readonly name = 'heap';
  readonly #alarm = new LevelAlarm({ raiseAt: 0.8, clearBelow: 0.7, readings: 3 });
  readonly #observer: PerformanceObserver;
  /** As of the last collection; undefined before the first. */
  #used: number | undefined;
  #limit = 0;

  constructor(@Inject(CLOCK) private readonly clock: Clock) {
    this.#observer = new PerformanceObserver((list) => {
      const entries = list.getEntries() as Collection[];
      if (entries.some(({ detail }) => detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR)) this.collected();
    });
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  /** Takes in what is used now, right after all garbage was collected. */
  collected(): void {
    const { used, limit } = figures();
    this.#used = used;
    this.#limit = limit;
    this.#alarm.take(used, limit);
  }

  refresh(): Promise<void> {
    const { used, limit } = figures();
    // With all its garbage it is less than what is too much.
    if (this.#alarm.raised && used < (this.#used ?? 0)) this.#alarm.take(used, limit);
    return Promise.resolve();
  }

  read(): Finding | undefined {
    if (!this.#alarm.raised) return undefined;
    const [used, limit] = [megabytes(this.#used ?? 0), megabytes(this.#limit)];
    return {
      severity: 'degraded',
      cause: 'local_overload',
      evidence: { used_mib: used, limit_mib: limit },
      reason: `The node runs out of memory: ${used} of ${limit} MiB of its heap stay in use.`,
      restartCures: true,
      advice: ADVICE,
    };
  }

  /** What is used now, garbage included; what fills it is what the last collection has left. */
  figures(): VitalFigure[] {
    const { used, limit } = figures();
    const settled = this.#used === undefined ? null : Math.min(used, this.#used);
    const fills = { subject: 'running out of heap', advice: ADVICE, settled };
    return [{ name: 'heap', value: used, unit: 'bytes', limit, stays: 'below', at: this.clock.wall(), fills }];
  }

  onModuleDestroy(): void {
    this.#observer.disconnect();
  }
}

function figures(): ReturnType<typeof oldGeneration> {
  const spaces = getHeapSpaceStatistics().map(({ space_name: name, space_used_size: used }) => ({ name, used }));
  return oldGeneration({ limit: getHeapStatistics().heap_size_limit, spaces });
}
