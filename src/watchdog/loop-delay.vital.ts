import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { LOOP_MONITOR_MS } from '../metrics/index.js';
import { type Clock } from '../kernel/clock.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type SettingsOf } from '../platform/settings.js';
import { type VitalFigure } from './domain/vital-figure.js';
import { type Finding, type Vital, vitals } from './vital.js';
import { watchdogSettings } from './watchdog.settings.js';

/** Samples, one in `LOOP_MONITOR_MS`, below which a percentile says nothing. */
const LEAST_SAMPLES = 50;

/** How late the event loop runs its timers: every stream waits that long for every event. */
@vitals.contribute()
@Injectable()
export class LoopDelayVital implements Vital, OnModuleDestroy {
  readonly name = 'event_loop';
  #before = 0;
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: LOOP_MONITOR_MS });

  constructor(
    @Inject(watchdogSettings.KEY) private readonly settings: SettingsOf<typeof watchdogSettings>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.#histogram.enable();
  }

  /**
   * 95th percentile of the delay since the last look, ms; that of the span before while there are too few samples to
   * speak of one: a single pause, such as at the start, is no overload.
   */
  get p95(): number {
    return this.#histogram.count < LEAST_SAMPLES ? this.#before : this.#histogram.percentile(95) / 1e6;
  }

  refresh(): Promise<void> {
    this.#before = this.p95;
    if (this.#histogram.count >= LEAST_SAMPLES) this.#histogram.reset();
    return Promise.resolve();
  }

  forget(): void {
    this.#before = 0;
    this.#histogram.reset();
  }

  read(): Finding | undefined {
    if (this.p95 <= this.settings.loopDelayLimitMs) return undefined;
    return {
      severity: 'degraded',
      cause: 'local_overload',
      evidence: { p95_ms: Math.round(this.p95), limit_ms: this.settings.loopDelayLimitMs },
      reason: `The node is overloaded: its event loop runs ${Math.round(this.p95)} ms late.`,
    };
  }

  figures(): VitalFigure[] {
    // The monitor's own wait is no delay.
    const value = Math.max(0, this.p95 - LOOP_MONITOR_MS) / 1000;
    const limit = this.settings.loopDelayLimitMs / 1000;
    return [{ name: 'event_loop_delay', value, unit: 'seconds', limit, stays: 'below', at: this.clock.wall() }];
  }

  onModuleDestroy(): void {
    this.#histogram.disable();
  }
}
