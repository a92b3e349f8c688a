import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type SettingsOf } from '../platform/settings.js';
import { type Finding, type Vital, vitals } from './vital.js';
import { watchdogSettings } from './watchdog.settings.js';

/** How late the event loop runs its timers: every stream waits that long for every event. */
@vitals.contribute()
@Injectable()
export class LoopDelayVital implements Vital, OnModuleDestroy {
  readonly name = 'event_loop';
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: 20 });

  constructor(@Inject(watchdogSettings.KEY) private readonly settings: SettingsOf<typeof watchdogSettings>) {
    this.#histogram.enable();
  }

  /** 99th percentile of the delay since the last `restart`, ms. */
  get p99(): number {
    return this.#histogram.count === 0 ? 0 : this.#histogram.percentile(99) / 1e6;
  }

  /** Forgets what was measured, so that an old delay is not held against the node. */
  restart(): void {
    this.#histogram.reset();
  }

  read(): Finding | undefined {
    if (this.p99 <= this.settings.loopDelayLimitMs) return undefined;
    return {
      severity: 'degraded',
      reason: `The node is overloaded: its event loop runs ${Math.round(this.p99)} ms late.`,
    };
  }

  onModuleDestroy(): void {
    this.#histogram.disable();
  }
}
