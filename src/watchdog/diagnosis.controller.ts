import { Controller, Get, Header, Inject, UseGuards } from '@nestjs/common';
import { HealService, healSettings } from '../heal/index.js';
import { type Clock } from '../kernel/clock.js';
import { type HealLevel } from '../kernel/heal-level.js';
import { AdminGuard } from '../platform/admin.guard.js';
import { Lives } from '../platform/lives.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type SettingsOf } from '../platform/settings.js';
import { AutoHeal } from './auto-heal.service.js';
import { lifeTold } from './life-told.js';
import { reasonOf } from './domain/node-state.js';
import { type Sighting } from './domain/escalation.js';
import { sightingsOf, whyAlone, whyNothing } from './domain/would.js';
import { NodeHealth } from './node-health.service.js';
import { RestartBudgetVital } from './restart-budget.vital.js';
import { watchdogSettings } from './watchdog.settings.js';

/** `GET /self/diagnosis`: what is not well now, the evidence, and what the node would do about it. */
@Controller('self/diagnosis')
@UseGuards(AdminGuard)
export class DiagnosisController {
  constructor(
    @Inject(NodeHealth) private readonly health: NodeHealth,
    @Inject(HealService) private readonly heal: HealService,
    @Inject(AutoHeal) private readonly autoHeal: AutoHeal,
    @Inject(RestartBudgetVital) private readonly restarts: RestartBudgetVital,
    @Inject(Lives) private readonly lives: Lives,
    @Inject(watchdogSettings.KEY) private readonly settings: SettingsOf<typeof watchdogSettings>,
    @Inject(healSettings.KEY) private readonly healing: SettingsOf<typeof healSettings>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  now(): Record<string, unknown> {
    const { state, situation, summary, conditions } = this.health.report();
    const sightings = sightingsOf(conditions, this.autoHeal.means);
    return {
      timestamp: new Date(this.clock.wall()).toISOString(),
      state,
      situation,
      summary,
      conditions: conditions.map(
        ({ name, cause, severity, reason, doing, advice, nextTryAt, since, evidence, healable }) => ({
          name,
          cause,
          severity,
          reason: reasonOf({ reason, doing }),
          advice: advice ?? null,
          next_try_at: nextTryAt === undefined ? null : new Date(nextTryAt).toISOString(),
          since: new Date(since).toISOString(),
          evidence,
          would: healable
            ? this.#would(sightings.find((one) => one.cause === cause))
            : { action: 'none', levels: [], why: whyAlone(cause) },
        }),
      ),
      auto_heal_enabled: this.healing.autoHealEnabled,
      watchdog: { enabled: this.settings.enabled, interval_seconds: this.settings.intervalMs / 1000 },
      restarts: {
        within_period: this.restarts.restarts,
        limit: this.settings.restartLimit,
        period_seconds: this.settings.restartPeriodMs / 1000,
        refused: this.restarts.refusal ?? null,
      },
      last_life: this.lives.last === undefined ? null : lifeTold(this.lives.last),
    };
  }

  #would(sighting: Sighting | undefined): Record<string, unknown> | null {
    if (sighting === undefined) return null;
    const { cause, levels } = sighting;
    const tried = this.autoHeal.tried(cause);
    const next = this.autoHeal.next(cause, levels);
    if (next === undefined) return { action: 'none', levels, tried, why: whyNothing(cause, this.autoHeal.means) };
    return {
      action: next === 'heavy' ? 'restart' : 'heal',
      level: next,
      levels,
      tried,
      steps: this.#steps(sighting, next),
    };
  }

  #steps({ cause }: Sighting, level: HealLevel): string[] {
    const planned = this.heal.plan({ by: 'watchdog', cause, level });
    return planned.flatMap(({ step, runs }) => (runs ? [step.name] : []));
  }
}
