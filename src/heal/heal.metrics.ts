import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { metricSources, type MetricSource, MetricsRegistry, type SeedPart } from '../metrics/index.js';
import { type SettingsOf } from '../platform/settings.js';
import { CAUSES } from '../kernel/cause.js';
import { HEAL_LEVELS } from '../kernel/heal-level.js';
import { type HealRun, type Verdict } from './heal-run.js';
import { healSteps } from './heal-step.js';
import { healSettings } from './heal.settings.js';

const STEP_RESULTS: readonly HealRun['steps'][number]['result'][] = ['ok', 'failed', 'timeout'];

/** What a run can have come to, as a label. */
const RESULTS = ['OK', 'PARTIAL', 'FAILED'] as const;

/** Counts runs and steps of healing; labels come from closed lists. */
@metricSources.contribute()
@Injectable()
export class HealMetrics implements MetricSource, OnApplicationBootstrap {
  readonly name = 'heal';
  readonly #runs;
  readonly #steps;
  readonly #verdicts;
  #automatic = 0;

  constructor(
    @Inject(MetricsRegistry) registry: MetricsRegistry,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(healSettings.KEY) private readonly settings: SettingsOf<typeof healSettings>,
  ) {
    this.#runs = registry.counter({
      name: 'l104_heal_runs_total',
      help: 'Heals by level, cause and result; cause none is a heal that was asked for while nothing was wrong.',
      labelNames: ['level', 'cause', 'result'],
    });
    this.#steps = registry.counter({
      name: 'l104_heal_steps_total',
      help: 'Steps of heals by result.',
      labelNames: ['step', 'result'],
    });
    this.#verdicts = registry.counter({
      name: 'l104_heal_verdicts_total',
      help: 'What heals have come to when the node was looked at again.',
      labelNames: ['verdict'],
    });
    registry.plot({
      tracks: [{ name: 'heals', kind: 'count', from: 'l104_heal_runs_total' }],
      series: [
        {
          name: 'heals',
          unit: 'per step',
          help: 'Heals that were run in the step.',
          shown: { as: 'sum', of: 'heals' },
        },
      ],
    });
    for (const level of HEAL_LEVELS)
      for (const cause of [...CAUSES, 'none'])
        for (const result of RESULTS) this.#runs.inc({ level, cause, result: result.toLowerCase() }, 0);
    for (const verdict of ['cured', 'not_cured', 'unproven'] satisfies Verdict[]) this.#verdicts.inc({ verdict }, 0);
  }

  /** Steps are known once every module is there. */
  onApplicationBootstrap(): void {
    for (const { name: step } of healSteps.collect(this.discovery))
      for (const result of STEP_RESULTS) this.#steps.inc({ step, result }, 0);
  }

  /** A run has ended. */
  finished({ level, cause, status, steps, by }: HealRun): void {
    if (by !== 'admin') this.#automatic++;
    this.#runs.inc({ level, cause: cause ?? 'none', result: status.toLowerCase() });
    for (const { name: step, result } of steps) this.#steps.inc({ step, result });
  }

  /** What a run has come to is known. */
  settled(_run: HealRun, verdict: Verdict): void {
    this.#verdicts.inc({ verdict });
  }

  seed(): SeedPart {
    return { auto_heals: this.#automatic, self_healing: { auto_heal_enabled: this.settings.autoHealEnabled } };
  }
}
