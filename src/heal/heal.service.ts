import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type Clock } from '../kernel/clock.js';
import { LOG, type Log } from '../platform/logging.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { randomHex } from '../platform/identifiers.js';
import { type SettingsOf } from '../platform/settings.js';
import { HEAL_LEVELS, type HealLevel, type HealStep, healSteps, type StepState } from './heal-step.js';
import { healSettings } from './heal.settings.js';

/** Record of one step of a run. */
export interface StepRecord {
  readonly name: string;
  readonly result: 'ok' | 'failed' | 'timeout';
  readonly duration_ms: number;
  readonly before: StepState;
  readonly after: StepState;
}

/** Record of one run, as `POST /self/heal` answers it. */
export interface HealRun {
  readonly run_id: string;
  readonly status: 'OK' | 'PARTIAL' | 'FAILED';
  readonly actions: readonly string[];
  readonly timestamp: string;
  readonly steps: readonly StepRecord[];
}

/** What a heal may do: up to a level, with steps switched on or off by their options. */
export interface HealRequest {
  readonly level: HealLevel;
  readonly options: Readonly<Record<string, boolean>>;
  /** Who asked: `admin` or the part of the node that decided. */
  readonly by: string;
}

/** Plans and runs repairs, one run at a time; knows no step by name. */
@Injectable()
export class HealService {
  #running: Promise<HealRun> | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    @Inject(healSettings.KEY) private readonly settings: SettingsOf<typeof healSettings>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** The steps a heal would run, mildest level first, then by name. */
  plan({ level, options }: Pick<HealRequest, 'level' | 'options'>): readonly HealStep[] {
    const rank = (step: HealStep): number => HEAL_LEVELS.indexOf(step.level);
    return healSteps
      .collect(this.discovery)
      .filter((step) => rank(step) <= HEAL_LEVELS.indexOf(level) && (options[step.option] ?? step.wanted()))
      .sort((a, b) => rank(a) - rank(b));
  }

  /** Runs a heal; a caller who comes while one is running gets the result of that one. */
  run(request: HealRequest): Promise<HealRun> {
    this.#running ??= this.#run(request).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(request: HealRequest): Promise<HealRun> {
    const timestamp = new Date(this.clock.wall()).toISOString();
    const steps: StepRecord[] = [];
    for (const step of this.plan(request)) steps.push(await this.#step(step));
    const done = steps.filter(({ result }) => result === 'ok');
    const status = done.length === steps.length ? 'OK' : done.length > 0 ? 'PARTIAL' : 'FAILED';
    const run = { run_id: randomHex(8), status, actions: done.map(({ name }) => name), timestamp, steps } as const;
    this.log.info(
      { event: 'self_heal', run_id: run.run_id, by: request.by, status, actions: run.actions },
      'heal run finished',
    );
    return run;
  }

  async #step(step: HealStep): Promise<StepRecord> {
    const before = step.state();
    const started = this.clock.now();
    let result: StepRecord['result'] = 'ok';
    try {
      const signal = AbortSignal.timeout(this.settings.stepTimeoutMs);
      await Promise.race([step.run(signal), rejection(signal)]);
    } catch (error) {
      result = (error as Error | undefined)?.name === 'TimeoutError' ? 'timeout' : 'failed';
      this.log.error({ event: 'self_heal', step: step.name, err: error }, 'heal step failed');
    }
    return {
      name: step.name,
      result,
      duration_ms: Math.round(this.clock.now() - started),
      before,
      after: step.state(),
    };
  }
}

/** Rejects when the signal fires, so that a step that hangs does not hold the run. */
function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
}
