import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../../kernel/clock.js';
import { CLOCK } from '../../platform/platform.tokens.js';
import { type Point, PointGatherer } from '../domain/history/points.js';
import { RECENT_SECONDS, type RecentSpan, recentSpan, recentValues } from '../domain/history/recent.js';
import { floor } from '../domain/history/recording.js';
import { SAMPLE_SECONDS } from '../domain/history/resolution.js';
import { EMPTY_SAMPLE, type Readings } from '../domain/history/sample.js';
import { type Series } from '../domain/history/series.js';
import { MetricsRegistry } from '../metrics.registry.js';
import { HistoryRecorder } from './history-recorder.service.js';
import { seriesNamed } from './series-named.js';

const MINUTE = 60;
/** How long the line beside each figure is, seconds. */
const LINE_SECONDS = 3600;
/** How long one reading of the metrics serves everybody who asks, ms: many open pages cost no more than one. */
const READING_MS = 250;

/** The last minutes of this process, from memory alone. */
export interface RecentAnswer {
  /** ISO 8601 in UTC. */
  readonly timestamp: string;
  readonly window_seconds: number;
  /** Seconds of the window that the process has seen. */
  readonly covered_seconds: number;
  /** Series over the window, by name. */
  readonly values: Readonly<Record<string, number | null>>;
  /** By how much counters grew in the window, by track. */
  readonly counts: Readonly<Record<string, number>>;
  /** What gauges stand at now, by track. */
  readonly gauges: Readonly<Record<string, number>>;
  /** Series by the minute over the last hour, by name; times in seconds since the epoch. */
  readonly lines: { readonly step_seconds: number; readonly points: Readonly<Record<string, readonly Point[]>> };
}

interface Look extends Pick<Readings, 'gauges'> {
  readonly span: RecentSpan;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** Tells what happened in the last five minutes, and the last hour by the minute; needs no store, and does not wait for one. */
@Injectable()
export class Recent {
  #look: { readonly at: number; readonly found: Promise<Look> } | undefined;

  constructor(
    @Inject(MetricsRegistry) private readonly registry: MetricsRegistry,
    @Inject(HistoryRecorder) private readonly recorder: HistoryRecorder,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The figures now, of the series named; of all where none is. Throws BAD_REQUEST for one that is not there. */
  async now(names?: readonly string[]): Promise<RecentAnswer> {
    const { catalogue } = this.registry;
    const series = names?.map((name) => seriesNamed(catalogue.series, name)) ?? [...catalogue.series.values()];
    const { span, gauges, now } = await this.#looked();
    return {
      timestamp: new Date(now * 1000).toISOString(),
      window_seconds: RECENT_SECONDS,
      covered_seconds: Math.floor(span.covered),
      values: recentValues(span, series, (track) => catalogue.boundsOf(track)),
      counts: span.sample.counts,
      gauges,
      lines: { step_seconds: MINUTE, points: this.#lines(series, now) },
    };
  }

  #lines(series: readonly Series[], now: number): Record<string, readonly Point[]> {
    const { recording } = this.recorder;
    const end = recording?.end ?? 0;
    const to = end === 0 ? floor(now, MINUTE) : end;
    const gatherer = new PointGatherer(series, { from: floor(to - 1, MINUTE) - LINE_SECONDS + MINUTE, to }, MINUTE, to);
    const { from } = gatherer.range;
    for (const { sample, ...place } of recording?.atHand(MINUTE, from, to) ?? []) gatherer.add(place, sample);
    const boundsOf = (track: string): readonly number[] => this.registry.catalogue.boundsOf(track);
    return Object.fromEntries(series.map((one) => [one.name, gatherer.points(one, boundsOf)]));
  }

  #looked(): Promise<Look> {
    const at = this.clock.now();
    if (this.#look === undefined || at - this.#look.at >= READING_MS) {
      const found = this.#read();
      this.#look = { at, found };
      // What cannot be read now is read again by the next who asks.
      found.catch(() => (this.#look = undefined));
    }
    return this.#look.found;
  }

  async #read(): Promise<Look> {
    for (;;) {
      const { recording } = this.recorder;
      const taken = recording?.taken;
      const readings = await this.registry.catalogue.readings();
      // A sample that was taken meanwhile is newer than these readings: counters would seem to have begun anew.
      if (recording?.taken !== taken) continue;
      const now = this.clock.wall() / 1000;
      const samples = recording?.atHand(SAMPLE_SECONDS, now - RECENT_SECONDS, now) ?? [];
      const span = recentSpan(samples, recording?.running(readings) ?? EMPTY_SAMPLE, now);
      return { span, gauges: readings.gauges, now };
    }
  }
}
