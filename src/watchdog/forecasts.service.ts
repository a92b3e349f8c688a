import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Journal } from '../heal/index.js';
import { type Clock } from '../kernel/clock.js';
import { LOG, type Log } from '../platform/logging.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type SettingsOf } from '../platform/settings.js';
import { type Estimate } from './domain/forecast/estimate.js';
import { Forecast, type ForecastChange } from './domain/forecast/forecast.js';
import { CLEARED, forecastText } from './domain/forecast/forecast-text.js';
import { type Likely } from './domain/sentence/outlook.js';
import { type Filling, type VitalFigure } from './domain/vital-figure.js';
import { type Vital, vitals } from './vital.js';
import { watchdogSettings } from './watchdog.settings.js';

/** How the forecast of one stock stands. */
export interface ForecastStanding {
  /** Name of its figure. */
  readonly name: string;
  readonly fills: Filling;
  readonly estimate: Estimate;
  readonly raised: boolean;
  /** Since when it is raised, wall-clock ms. */
  readonly since: number | undefined;
  /** Its vital complains: there is a condition, and nothing to forecast. */
  readonly reached: boolean;
}

/** A vital whose figure can be forecast. */
interface Stock {
  readonly vital: Vital;
  readonly figure: VitalFigure & { readonly fills: Filling };
}

/** What is remembered of one. */
interface Kept {
  readonly forecast: Forecast;
  lookedAt: number | undefined;
  since: number | undefined;
}

/** Forecasts whether a resource of the node reaches its limit, from what the vitals read; forgotten with the process. */
@Injectable()
export class Forecasts {
  /** By the name of the figure: as many as the node's vitals have. */
  readonly #kept = new Map<string, Kept>();

  constructor(
    @Inject(watchdogSettings.KEY) private readonly settings: SettingsOf<typeof watchdogSettings>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(Journal) private readonly journal: Journal,
  ) {}

  /** False while the watchdog is off, which takes the readings. */
  get enabled(): boolean {
    return this.settings.enabled;
  }

  /** Takes in what the vitals read now: a regular look of the watchdog. Never throws. */
  look(): void {
    for (const vital of vitals.collect(this.discovery)) {
      try {
        for (const stock of stocksOf(vital)) this.#take(stock);
      } catch (error) {
        this.log.warn({ event: 'watchdog_warn', vital: vital.name, err: error }, 'a vital could not be forecast');
      }
    }
  }

  /** Every stock of the node, whether anything can be told of it or not. */
  all(): readonly ForecastStanding[] {
    if (!this.enabled) return [];
    const stocks = vitals.collect(this.discovery).flatMap(stocksOf);
    return stocks.map(({ vital, figure: { name, fills } }) => {
      const { forecast, since, lookedAt } = this.#keptOf(name);
      const estimate = aged(forecast.estimate, lookedAt === undefined ? 0 : this.clock.now() - lookedAt);
      return { name, fills, estimate, raised: forecast.raised, since, reached: vital.read() !== undefined };
    });
  }

  /** What is likely, the soonest first. */
  likely(): readonly Likely[] {
    if (![...this.#kept.values()].some(({ forecast }) => forecast.raised)) return [];
    const raised = this.all().flatMap(({ name, fills: { subject, advice }, raised, estimate }) => {
      if (!raised || estimate.kind !== 'known') return [];
      return [{ name, subject, advice, probability: estimate.probability, dueMs: estimate.dueMs ?? 0 }];
    });
    return raised.sort((a, b) => a.dueMs - b.dueMs);
  }

  #take({ vital, figure }: Stock): void {
    const kept = this.#keptOf(figure.name);
    const change = kept.forecast.look(figure, vital.read() !== undefined, this.clock.now());
    kept.lookedAt = this.clock.now();
    if (change === undefined) return;
    kept.since = change.kind === 'raised' ? this.clock.wall() : undefined;
    this.#tell(figure, kept.forecast.estimate, change);
  }

  #tell({ name, value, unit, limit, fills }: Stock['figure'], estimate: Estimate, change: ForecastChange): void {
    const known = estimate.kind === 'known' ? estimate : undefined;
    const { subject } = fills;
    const reason =
      change.kind === 'cleared'
        ? `No more forecast of ${subject}: ${CLEARED[change.why]}`
        : forecastText({ subject, dueMs: known?.dueMs ?? 0, probability: known?.probability ?? 0 });
    const facts = {
      figure: name,
      reason,
      value,
      unit,
      limit,
      probability: known?.probability ?? null,
      limit_in_seconds: known?.dueMs === undefined ? null : Math.round(known.dueMs / 1000),
    };
    const told = change.kind === 'raised' ? { ...facts, advice: fills.advice } : { ...facts, why: change.why };
    this.log[change.kind === 'raised' ? 'warn' : 'info']({ event: `forecast_${change.kind}`, ...told }, reason);
    const timestamp = new Date(this.clock.wall()).toISOString();
    this.journal.append(`forecast_${change.kind}`, { timestamp, ...told });
  }

  #keptOf(name: string): Kept {
    const { forecastHorizonMs: horizonMs, intervalMs } = this.settings;
    const kept = this.#kept.get(name) ?? {
      forecast: new Forecast({ horizonMs, intervalMs }),
      lookedAt: undefined,
      since: undefined,
    };
    this.#kept.set(name, kept);
    return kept;
  }
}

function stocksOf(vital: Vital): Stock[] {
  return (vital.figures?.() ?? []).flatMap((figure) => {
    const { fills } = figure;
    return fills === undefined ? [] : [{ vital, figure: { ...figure, fills } }];
  });
}

/** An estimate some ms after it was made: what was ahead is nearer. */
function aged(estimate: Estimate, ms: number): Estimate {
  const nearer = (ahead: number | undefined): number | undefined =>
    ahead === undefined ? undefined : Math.max(0, ahead - ms);
  if (estimate.kind === 'known') return { ...estimate, dueMs: nearer(estimate.dueMs) };
  return estimate.kind === 'unknown' ? { ...estimate, knownInMs: nearer(estimate.knownInMs) } : estimate;
}
