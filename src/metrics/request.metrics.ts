import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../kernel/clock.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { RequestEvents } from '../platform/request-events.js';
import { type RequestFinished } from '../platform/request-context.js';
import { VERSION } from '../platform/version.js';
import { exemplarOf } from './exemplar.js';
import { REQUEST_PLOT } from './request-plot.js';
import { metricSources, type MetricSource, type SeedPart } from './metric-source.js';
import { MetricsRegistry } from './metrics.registry.js';
import { type CounterSeries, type SeriesCounter } from './series-counter.js';
import { type HistogramSeries, type SeriesHistogram } from './series-histogram.js';

/** OpenTelemetry's buckets for GenAI durations, seconds: 0.01 doubled up to 81.92. */
export const DURATION_BUCKETS = Array.from({ length: 14 }, (_, power) => 0.01 * 2 ** power);

/** Routes of the API whose requests are counted; a closed list, since it labels metrics. */
export const COUNTED_ROUTES = ['gemini', 'openai', 'answer', 'memory'] as const;

/** Statuses that alerts ask for, which must be there before they happen: a series that begins at 1 has no rate. */
const FIRST_STATUSES = ['200', '429', '499', '500', '503', '504', 'broken'] as const;

/** Counts requests of the API by route and status; probes, scrapes and admin calls are not requests. */
@metricSources.contribute()
@Injectable()
export class RequestMetrics implements MetricSource {
  readonly name = 'requests';
  readonly #started: { mono: number; wall: number };
  /** By route, then status. */
  readonly #counts = new Map<string, Map<string, CounterSeries>>();
  readonly #durations = new Map<string, HistogramSeries>();
  readonly #requests: SeriesCounter;
  readonly #duration: SeriesHistogram;
  #success = 0;
  #error = 0;
  #total = 0;

  constructor(
    registry: MetricsRegistry,
    events: RequestEvents,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.#started = { mono: clock.now(), wall: clock.wall() };
    this.#requests = registry.seriesCounter({
      name: 'l104_requests_total',
      help: 'Requests to the API by route and HTTP status; broken is a stream that failed after its head was sent.',
    });
    this.#duration = registry.seriesHistogram({
      name: 'l104_request_duration_seconds',
      help: 'Time from the arrival of a request to the end of its answer.',
      buckets: DURATION_BUCKETS,
    });
    registry.plot(REQUEST_PLOT);
    registry
      .gauge({ name: 'l104_build_info', help: 'Always 1.', labelNames: ['version'] })
      .set({ version: VERSION }, 1);
    for (const route of COUNTED_ROUTES) {
      for (const status of FIRST_STATUSES) this.#countOf(route, status);
      this.#durationOf(route);
    }
    events.finished.subscribe((event) => {
      this.#countOf(event.route, event.broken ? 'broken' : statusLabel(event.status)).add();
      this.#durationOf(event.route).observe(event.durationMs / 1000, exemplarOf(event, clock.wall()));
      this.#count(event);
    });
  }

  /** Requests finished since the start. */
  get total(): number {
    return this.#total;
  }

  /** Seconds since the start. */
  get uptimeSeconds(): number {
    return Math.floor((this.clock.now() - this.#started.mono) / 1000);
  }

  seed(): SeedPart {
    return {
      requests_total: this.#total,
      requests_success: this.#success,
      requests_error: this.#error,
      uptime_start: new Date(this.#started.wall).toISOString(),
      uptime_seconds: this.uptimeSeconds,
    };
  }

  #countOf(route: string, status: string): CounterSeries {
    let counts = this.#counts.get(route);
    if (counts === undefined) this.#counts.set(route, (counts = new Map<string, CounterSeries>()));
    let series = counts.get(status);
    if (series === undefined) counts.set(status, (series = this.#requests.series({ route, status })));
    return series;
  }

  #durationOf(route: string): HistogramSeries {
    let series = this.#durations.get(route);
    if (series === undefined) this.#durations.set(route, (series = this.#duration.series({ route })));
    return series;
  }

  #count({ status, broken }: RequestFinished): void {
    this.#total++;
    if (broken || (status >= 400 && status !== 499)) this.#error++;
    else if (status < 400) this.#success++;
  }
}

/** Statuses an upstream makes up must not make up label values. */
function statusLabel(status: number): string {
  return status >= 100 && status <= 599 ? String(status) : 'other';
}
