import { Inject, Injectable } from '@nestjs/common';
import { describeDuration } from '../kernel/duration.js';
import { Lives } from '../platform/lives.js';
import { type SettingsOf } from '../platform/settings.js';
import { type Finding, type Vital, vitals } from './vital.js';
import { watchdogSettings } from './watchdog.settings.js';

/**
 * How often the node has ended itself to be started anew, across its lives (Erlang's restart intensity): what several
 * new processes did not cure, one more will not.
 */
@vitals.contribute()
@Injectable()
export class RestartBudgetVital implements Vital {
  readonly name = 'restarts';
  #restarts: number;

  constructor(
    @Inject(watchdogSettings.KEY) private readonly settings: SettingsOf<typeof watchdogSettings>,
    @Inject(Lives) private readonly lives: Lives,
  ) {
    this.#restarts = lives.restartsWithin(settings.restartPeriodMs);
  }

  /** Restarts within the period, as of the last look. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Why the node may not restart itself; undefined while it may. */
  get refusal(): string | undefined {
    const { exitOnFailure, restartLimit } = this.settings;
    if (!exitOnFailure) return 'WATCHDOG_EXIT_ON_FAILURE is off';
    if (!this.lives.canRemember) return 'restarts cannot be counted: the life log cannot be written (LIFE_FILE)';
    return this.#restarts >= restartLimit ? this.#spent() : undefined;
  }

  refresh(): Promise<void> {
    this.#restarts = this.lives.restartsWithin(this.settings.restartPeriodMs);
    return Promise.resolve();
  }

  read(): Finding | undefined {
    const { restartLimit, restartPeriodMs } = this.settings;
    if (this.#restarts < restartLimit || restartLimit === 0) return undefined;
    const { last } = this.lives;
    return {
      severity: 'degraded',
      cause: 'internal_fault',
      healable: false,
      kind: 'needs_you',
      reason: `The node stays up, whatever comes: ${this.#spent()}.`,
      evidence: { restarts: this.#restarts, limit: restartLimit, period_seconds: restartPeriodMs / 1000 },
      advice: `Look into why: ${last === undefined ? 'see the log' : last.end.reason}`,
    };
  }

  #spent(): string {
    return `it has restarted itself ${this.#restarts} times in ${describeDuration(this.settings.restartPeriodMs)}`;
  }
}
