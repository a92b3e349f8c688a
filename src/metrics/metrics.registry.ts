import { Injectable } from '@nestjs/common';
import {
  collectDefaultMetrics,
  Counter,
  type CounterConfiguration,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type HistogramConfiguration,
  type Metric,
  type OpenMetricsContentType,
  openMetricsContentType,
  Registry,
} from 'prom-client';
import { type Family } from './domain/push/family.js';
import { Catalogue, type Plot } from './history/catalogue.js';
import { SeriesCounter } from './series-counter.js';
import { SeriesHistogram } from './series-histogram.js';

type Declared<C> = Omit<C, 'registers'>;

/** Gauges of prom-client whose names end like those of counters, which Prometheus' own rules forbid. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/**
 * Time between two looks at how late the event loop is, ms. Every look wakes the process, which for an idle one costs more
 * than anything else it does; timers that are due at the same time wake it once.
 */
export const LOOP_MONITOR_MS = 20;

/** Content type of OpenMetrics 1.0. */
const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Every metric of this node; two nodes in one process keep theirs apart. */
@Injectable()
export class MetricsRegistry {
  readonly #registry = new Registry();
  /** The histograms once more: only such a registry shows exemplars. Counters would get other names in it. */
  readonly #withExemplars = new Registry<OpenMetricsContentType>();
  /** What the history keeps of these metrics. */
  readonly catalogue = new Catalogue((name) => this.#registry.getSingleMetric(name));

  constructor() {
    this.#withExemplars.setContentType(openMetricsContentType);
    // `process_*` and `nodejs_*`.
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: LOOP_MONITOR_MS });
    for (const name of MISNAMED) this.#registry.removeSingleMetric(name);
  }

  /** Declares a counter; its name ends in `_total`. */
  counter<L extends string = never>(declared: Declared<CounterConfiguration<L>>): Counter<L> {
    return this.#register(new Counter({ ...declared, registers: [] }));
  }

  /** Declares a gauge; with a `collect` function it is read only when scraped. */
  gauge<L extends string = never>(declared: Declared<GaugeConfiguration<L>>): Gauge<L> {
    return this.#register(new Gauge({ ...declared, registers: [] }));
  }

  /** Declares a histogram; durations are in seconds. */
  histogram<L extends string = never>(declared: Declared<HistogramConfiguration<L>>): Histogram<L> {
    return this.#register(new Histogram({ ...declared, registers: [] }));
  }

  /** Adds series to the history, and what is to be kept of metrics for them. */
  plot(plot: Plot): void {
    this.catalogue.add(plot);
  }

  /** Every metric with its values, as a push sends them. */
  async families(): Promise<Family[]> {
    const families = await this.#registry.getMetricsAsJSON();
    // The types of prom-client say numbers where it has words.
    return families.map(({ name, help, type, values }) => ({
      name,
      help,
      values,
      type: type as unknown as Family['type'],
    }));
  }

  /** Declares a counter whose callers keep their series, for the path of every request; its name ends in `_total`. */
  seriesCounter(declared: ConstructorParameters<typeof SeriesCounter>[0]): SeriesCounter {
    const counter = new SeriesCounter(declared);
    this.#registry.registerMetric(counter as unknown as Metric);
    return counter;
  }

  /** Declares a histogram whose callers keep their series, for the path of every request. */
  seriesHistogram(declared: ConstructorParameters<typeof SeriesHistogram>[0]): SeriesHistogram {
    const histogram = new SeriesHistogram(declared);
    // The registry asks of a metric its name and `get`, whatever its types say.
    this.#registry.registerMetric(histogram as unknown as Metric);
    this.#withExemplars.registerMetric(histogram as unknown as Metric);
    return histogram;
  }

  /** The exposition in Prometheus text or OpenMetrics, with its content type. */
  async expose(format: 'text' | 'openmetrics'): Promise<{ contentType: string; body: string }> {
    if (format === 'text') return { contentType: this.#registry.contentType, body: await this.#registry.metrics() };
    const families = this.#registry.getMetricsAsArray().map(({ name }) => {
      const registry = this.#withExemplars.getSingleMetric(name) === undefined ? this.#registry : this.#withExemplars;
      return registry.getSingleMetricAsString(name);
    });
    return { contentType: OPENMETRICS, body: toOpenMetrics((await Promise.all(families)).join('\n')) };
  }

  #register<M extends Metric>(metric: M): M {
    this.#registry.registerMetric(metric);
    return metric;
  }
}

/**
 * Prometheus text as OpenMetrics 1.0: families of counters lose the suffix that their samples keep, blank
 * lines go, an end mark comes. (A second registry of prom-client would rename the counters of the first.)
 */
function toOpenMetrics(text: string): string {
  const counters = new Set([...text.matchAll(/^# TYPE (\S+)_total counter$/gm)].map(([, name]) => name));
  const families = text.replace(/^(# (?:HELP|TYPE) )(\S+)_total /gm, (line, start: string, name: string) =>
    counters.has(name) ? `${start}${name} ` : line,
  );
  return `${families.replace(/\n{2,}/g, '\n').trim()}\n# EOF\n`;
}
