import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { SchedulerRegistry } from '@nestjs/schedule';
import { HealService, healSettings, Journal } from '../heal/index.js';
import { type Clock } from '../kernel/clock.js';
import { Lifecycle } from '../platform/lifecycle.js';
import { Lives } from '../platform/lives.js';
import { LOG, type Log } from '../platform/logging.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type SettingsOf } from '../platform/settings.js';
import { within } from '../platform/within.js';
import { AutoHeal } from './auto-heal.service.js';
import { type Condition } from './domain/node-state.js';
import { Forecasts } from './forecasts.service.js';
import { lifeTold } from './life-told.js';
import { NodeHealth } from './node-health.service.js';
import { RequestErrorsVital } from './request-errors.vital.js';
import { type Vital, vitals } from './vital.js';
import { watchdogSettings } from './watchdog.settings.js';

/** Time one vital has to look closer, ms. */
const REFRESH_LIMIT_MS = 6000;
/** Least time between two looks, ms: alarms come in bursts. */
const LEAST_GAP_MS = 1000;

/**
 * The watchdog's loop (monitor, analyse, plan, execute; Kephart and Chess 2003): at a regular interval, and at once
 * when a part raises an alarm, it reads all vitals anew and leaves what to do about them to `AutoHeal`. It never
 * overlaps itself, outlives its own errors, and its standing still is a condition like any other.
 */
@Injectable()
export class Watchdog implements OnApplicationBootstrap, OnApplicationShutdown {
  #looking: Promise<void> | undefined;
  #lastEnded = Number.NEGATIVE_INFINITY;
  #next: NodeJS.Timeout | undefined;
  /** When the look that is planned is due, monotonic ms. */
  #nextAt = Number.POSITIVE_INFINITY;
  #closed = false;
  #toldLife: string | undefined;

  constructor(
    @Inject(watchdogSettings.KEY) private readonly settings: SettingsOf<typeof watchdogSettings>,
    @Inject(healSettings.KEY) private readonly healing: SettingsOf<typeof healSettings>,
    @Inject(LOG) private readonly log: Log,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Lifecycle) private readonly lifecycle: Lifecycle,
    @Inject(SchedulerRegistry) private readonly schedule: SchedulerRegistry,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(NodeHealth) private readonly health: NodeHealth,
    @Inject(RequestErrorsVital) requests: RequestErrorsVital,
    @Inject(AutoHeal) private readonly autoHeal: AutoHeal,
    @Inject(Lives) private readonly lives: Lives,
    @Inject(Journal) private readonly journal: Journal,
    @Inject(Forecasts) private readonly forecasts: Forecasts,
    @Inject(HealService) heal: HealService,
  ) {
    requests.onTooMany = () => {
      if (this.healing.autoHealEnabled) this.nudge();
    };
    heal.attach(
      () => this.health.conditions(),
      (run) => {
        this.autoHeal.ran(run);
        this.#lookForVerdict();
      },
    );
  }

  onApplicationBootstrap(): void {
    this.#lastEnded = this.clock.now();
    this.#tellLastLife();
    if (!this.settings.enabled) return;
    const timer = setInterval(() => void this.look(true), this.settings.intervalMs);
    timer.unref();
    this.schedule.addInterval('watchdog', timer);
  }

  onApplicationShutdown(): void {
    this.#closed = true;
    clearTimeout(this.#next);
  }

  /** Ms since the last look ended. */
  get sinceLastLook(): number {
    return this.clock.now() - this.#lastEnded;
  }

  /** A part has met trouble that need not wait for the next tick. */
  nudge(): void {
    this.#lookIn(Math.max(0, LEAST_GAP_MS - this.sinceLastLook));
  }

  /** One look, and what it leads to; who comes while one runs waits for that one. `regular`: a check that counts. Never rejects. */
  look(regular = false): Promise<void> {
    this.#looking ??= this.#look(regular).finally(() => {
      this.#lastEnded = this.clock.now();
      this.#looking = undefined;
      this.#lookForVerdict();
    });
    return this.#looking;
  }

  /** Writes down how the life before this one ended, once; one that was replaced ends when this one has begun. */
  #tellLastLife(): void {
    const { last } = this.lives;
    if (last === undefined || last.id === this.#toldLife) return;
    this.#toldLife = last.id;
    this.journal.append('life_ended', lifeTold(last));
  }

  /** A heal that has run is looked at when it can be judged, whatever looks come before. */
  #lookForVerdict(): void {
    const ms = this.autoHeal.verdictDueMs;
    if (ms !== undefined) this.#lookIn(ms);
  }

  /** Plans one more look, unless an earlier one is planned. */
  #lookIn(ms: number): void {
    const at = this.clock.now() + ms;
    if (this.#closed || this.#nextAt <= at) return;
    clearTimeout(this.#next);
    this.#nextAt = at;
    this.#next = setTimeout(() => {
      this.#nextAt = Number.POSITIVE_INFINITY;
      // One that runs may have read the vitals before the alarm.
      void (this.#looking ?? Promise.resolve()).then(() => this.look());
    }, ms).unref();
  }

  async #look(regular: boolean): Promise<void> {
    if (this.lifecycle.phase === 'draining' || this.#closed) return;
    try {
      await this.#refresh();
      if (regular) this.forecasts.look();
      this.#tellLastLife();
      const { state, summary, conditions } = this.health.report();
      if (state === 'degraded' || state === 'unhealthy') this.#warn(state, summary, conditions);
      // A process that is to leave waits for the one that takes its place: its heal shows only there.
      const stays = this.lifecycle.departure === undefined;
      if (this.healing.autoHealEnabled && stays) await this.autoHeal.consider(conditions, regular);
    } catch (error) {
      this.log.error({ event: 'watchdog_warn', err: error }, 'the watchdog could not look at the node');
    }
  }

  #warn(state: string, summary: string, conditions: readonly Condition[]): void {
    const fields = { event: 'watchdog_warn', state, conditions: conditions.map(({ name }) => name) };
    this.log.warn({ ...fields, causes: [...new Set(conditions.map(({ cause }) => cause))] }, summary);
  }

  /** Lets all vitals look closer side by side, each within its time. */
  async #refresh(): Promise<void> {
    await Promise.all(this.#vitals().map((vital) => this.#refreshOne(vital)));
  }

  async #refreshOne(vital: Vital): Promise<void> {
    if (vital.refresh === undefined) return;
    const told = { event: 'watchdog_warn', vital: vital.name };
    try {
      const looked = vital.refresh(AbortSignal.timeout(REFRESH_LIMIT_MS)).then(() => true);
      if ((await within(REFRESH_LIMIT_MS, looked)) === undefined)
        this.log.warn(told, `a vital could not be read closely within ${REFRESH_LIMIT_MS} ms`);
    } catch (error) {
      this.log.warn({ ...told, err: error }, 'a vital could not be read closely');
    }
  }

  #vitals(): readonly Vital[] {
    return vitals.collect(this.discovery);
  }
}
