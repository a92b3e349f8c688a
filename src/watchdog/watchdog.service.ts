import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { LOG, type Log } from '../platform/logging.js';
import { type SettingsOf } from '../platform/settings.js';
import { LoopDelayVital } from './loop-delay.vital.js';
import { NodeHealth } from './node-health.service.js';
import { watchdogSettings } from './watchdog.settings.js';

/** Looks at the node at a regular interval and warns of what is not well. */
@Injectable()
export class Watchdog implements OnApplicationBootstrap {
  constructor(
    @Inject(watchdogSettings.KEY) private readonly settings: SettingsOf<typeof watchdogSettings>,
    @Inject(LOG) private readonly log: Log,
    private readonly schedule: SchedulerRegistry,
    private readonly health: NodeHealth,
    private readonly loopDelay: LoopDelayVital,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.settings.enabled) return;
    const timer = setInterval(() => {
      this.#tick();
    }, this.settings.intervalMs);
    timer.unref();
    this.schedule.addInterval('watchdog', timer);
  }

  /** One look; synchronous, so that two can never overlap. */
  #tick(): void {
    try {
      const { state, summary, conditions } = this.health.report();
      if (state === 'degraded' || state === 'unhealthy') {
        this.log.warn({ event: 'watchdog_warn', state, conditions: conditions.map(({ name }) => name) }, summary);
      }
      this.loopDelay.restart();
    } catch (error) {
      this.log.error({ event: 'watchdog_warn', err: error }, 'the watchdog could not look at the node');
    }
  }
}
