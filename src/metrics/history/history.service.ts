import { setImmediate as turn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../../kernel/clock.js';
import { writeDuration } from '../../kernel/duration.js';
import { gatewayError } from '../../kernel/error-codes.js';
import { CLOCK } from '../../platform/platform.tokens.js';
import { within } from '../../platform/within.js';
import { type Point, PointGatherer } from '../domain/history/points.js';
import { floor } from '../domain/history/recording.js';
import {
  askedResolution,
  keptSeconds,
  MOST_POINTS,
  type Resolution,
  SAMPLE_SECONDS,
  STEPS,
  type StepProblem,
  type TimeRange,
  usualResolution,
} from '../domain/history/resolution.js';
import { readSample } from '../domain/history/sample-text.js';
import { MetricsRegistry } from '../metrics.registry.js';
import { HistoryRecorder } from './history-recorder.service.js';
import { type HistoryQuery } from './history.requests.js';
import { type HistorySettings, historySettings } from './history.settings.js';
import { seriesNamed } from './series-named.js';

const HOUR = 3600;
/** Samples of one page: some milliseconds of work, between which everything else has its turn. */
const PAGE = 250;
/** Longest that an answer waits for the store, ms; after that it tells what is in memory. */
const STORE_WAIT_MS = 3000;
/** Answers that read the store at once, so that they never fill its queue of reads; and most that wait for their turn. */
const READERS = 4;
const MOST_WAITING = 100;

/** What there is to ask for. */
export interface HistoryList {
  readonly series: readonly { readonly name: string; readonly unit: string; readonly help: string }[];
  readonly resolutions: readonly { readonly step_seconds: number; readonly kept_days: number }[];
  readonly retention_days: number;
}

/** Series over a range of time; times are in seconds since the epoch. */
export interface HistoryAnswer {
  readonly from: number;
  readonly to: number;
  readonly step_seconds: number;
  /** False while the store cannot be read: then there is only what is in memory. */
  readonly complete: boolean;
  readonly series: readonly { readonly name: string; readonly unit: string; readonly points: readonly Point[] }[];
}

/** Reads the history: from the store, and from memory what is not there yet. */
@Injectable()
export class History {
  #readers = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    @Inject(MetricsRegistry) private readonly registry: MetricsRegistry,
    @Inject(HistoryRecorder) private readonly recorder: HistoryRecorder,
    @Inject(historySettings.KEY) private readonly settings: HistorySettings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The series there are, and how closely they can be seen. */
  list(): HistoryList {
    const { retentionDays } = this.settings;
    return {
      series: [...this.registry.catalogue.series.values()].map(({ name, unit, help }) => ({ name, unit, help })),
      resolutions: STEPS.map((step) => ({
        step_seconds: step,
        kept_days: keptSeconds(step, retentionDays) / (24 * HOUR),
      })),
      retention_days: retentionDays,
    };
  }

  /** Series over time. Throws BAD_REQUEST, which names the parameter, for what cannot be answered. */
  async answer(names: readonly string[], query: Omit<HistoryQuery, 'series'>): Promise<HistoryAnswer> {
    const series = names.map((name) => seriesNamed(this.registry.catalogue.series, name));
    const now = Math.ceil(this.clock.wall() / 1000);
    const to = query.to ?? now;
    const range = { from: query.from ?? Math.max(0, to - HOUR), to };
    if (range.from >= range.to) {
      const text = `from: must be before to, which is ${new Date(to * 1000).toISOString()}`;
      throw gatewayError('BAD_REQUEST', `${text}; such as from=${Math.max(0, Math.floor(to) - HOUR)}`, {
        param: 'from',
      });
    }
    const resolution = this.#resolution(query.step, range, now);
    const end = this.recorder.recording?.end ?? 0;
    const gatherer = new PointGatherer(series, range, resolution.step, end === 0 ? floor(now, SAMPLE_SECONDS) : end);
    const complete = await this.#gather(gatherer, resolution);
    const plotted: HistoryAnswer['series'][number][] = [];
    for (const one of series) {
      const points = gatherer.points(one, (track) => this.registry.catalogue.boundsOf(track));
      plotted.push({ name: one.name, unit: one.unit, points });
      // All series of a day take some hundredths of a second: between them everything else has its turn.
      await turn();
    }
    return { ...range, step_seconds: resolution.step, complete, series: plotted };
  }

  #resolution(step: number | undefined, range: TimeRange, now: number): Resolution {
    const { retentionDays } = this.settings;
    if (step === undefined) return usualResolution(range, now, retentionDays);
    const resolution = askedResolution(step, range, now, retentionDays);
    if (!('problem' in resolution)) return resolution;
    throw gatewayError('BAD_REQUEST', `step: ${stepText(resolution)}`, { param: 'step' });
  }

  /** Whether the store told all that it has. */
  async #gather(gatherer: PointGatherer, { kept }: Resolution): Promise<boolean> {
    const { from, to } = gatherer.range;
    const reader = { heard: true };
    const reading = this.#inTurn(async () => reader.heard && (await this.#readStore(gatherer, kept, reader)));
    const told = await within(STORE_WAIT_MS, reading).catch(() => false);
    // What is read from now on is not added: the answer is being written.
    reader.heard = false;
    for (const { sample, ...place } of this.recorder.recording?.atHand(kept, from, to) ?? [])
      gatherer.add(place, sample);
    return told ?? false;
  }

  async #inTurn(read: () => Promise<boolean>): Promise<boolean> {
    if (this.#readers < READERS) this.#readers++;
    else if (this.#waiting.length >= MOST_WAITING) return false;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await read();
    } finally {
      // The place goes to who waits first.
      const next = this.#waiting.shift();
      if (next === undefined) this.#readers--;
      else next();
    }
  }

  async #readStore(gatherer: PointGatherer, step: Resolution['kept'], reader: { heard: boolean }): Promise<boolean> {
    const { keeper, recording } = this.recorder;
    if (keeper === undefined) return false;
    const { from, to } = gatherer.range;
    for (let after; ;) {
      const page = await keeper.read({ step, from, to, after, limit: PAGE });
      if (!reader.heard) return false;
      for (const { body, ...place } of page) {
        // In memory it is as new or newer.
        const sample = recording?.has(place) === true ? undefined : readSample(body);
        if (sample !== undefined) gatherer.add(place, sample);
      }
      after = page.at(-1);
      if (page.length < PAGE || after === undefined) return true;
    }
  }
}

function stepText({ problem, least }: StepProblem): string {
  const example = `such as step=${writeDuration(least * 1000)}`;
  switch (problem) {
    case 'no_multiple':
      return `must be a multiple of ${SAMPLE_SECONDS} seconds, between two samples nothing is known; ${example}`;
    case 'too_many_points':
      return `gives more than ${MOST_POINTS} points for this range; take a longer one or a shorter range, ${example}`;
    case 'no_longer_kept':
      return `is finer than what is still kept of that time; take a longer one, ${example}`;
  }
}
