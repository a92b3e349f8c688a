import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../kernel/clock.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type SettingsOf } from '../platform/settings.js';
import { CLEAR_BELOW } from './domain/forecast/forecast.js';
import { type ForecastStanding, Forecasts } from './forecasts.service.js';
import { type OverviewPart, overviewParts } from './overview-part.js';
import { watchdogSettings } from './watchdog.settings.js';

/** What is forecast of the resources of the node. */
@overviewParts.contribute()
@Injectable()
export class ForecastsOverview implements OverviewPart {
  readonly name = 'forecasts';

  constructor(
    @Inject(watchdogSettings.KEY) private readonly settings: SettingsOf<typeof watchdogSettings>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Forecasts) private readonly forecasts: Forecasts,
  ) {}

  read(): unknown {
    return {
      enabled: this.forecasts.enabled,
      horizon_seconds: this.settings.forecastHorizonMs / 1000,
      figures: this.forecasts.all().map((standing) => this.#told(standing)),
    };
  }

  #told(standing: ForecastStanding): Record<string, unknown> {
    const { name, fills, estimate, since } = standing;
    const known = estimate.kind === 'known' ? estimate : undefined;
    const unknown = estimate.kind === 'unknown' ? estimate : undefined;
    const knownInMs = unknown?.knownInMs;
    const iso = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());
    return {
      name,
      state: stateOf(standing),
      unknown_because: unknown?.why ?? null,
      probability: known?.probability ?? null,
      limit_in_seconds: known?.dueMs === undefined ? null : Math.round(known.dueMs / 1000),
      known_at: iso(knownInMs === undefined ? undefined : this.clock.wall() + knownInMs),
      raised_at: iso(since),
      subject: fills.subject,
      advice: fills.advice,
    };
  }
}

/** The standing in a word; `likely` is what is raised. */
function stateOf({ estimate, raised, reached }: ForecastStanding): string {
  if (reached) return 'reached';
  if (raised) return 'likely';
  if (estimate.kind !== 'known') return estimate.kind;
  return estimate.probability >= CLEAR_BELOW ? 'possible' : 'no_sign';
}
