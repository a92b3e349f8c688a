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
  Registry,
} from 'prom-client';

type Declared<C> = Omit<C, 'registers'>;

/** Every metric of this node; two nodes in one process keep theirs apart. */
@Injectable()
export class MetricsRegistry {
  readonly #text = new Registry();
  readonly #open = new Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>();

  constructor() {
    this.#open.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    // `process_*` and `nodejs_*`; the event-loop monitor among them samples every 10 ms.
    collectDefaultMetrics({ register: this.#text });
    for (const metric of this.#text.getMetricsAsArray()) this.#open.registerMetric(metric as unknown as Metric);
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

  /** The exposition in Prometheus text or OpenMetrics, with its content type. */
  async expose(format: 'text' | 'openmetrics'): Promise<{ contentType: string; body: string }> {
    const registry = format === 'text' ? this.#text : this.#open;
    return { contentType: registry.contentType, body: await registry.metrics() };
  }

  #register<M extends Metric>(metric: M): M {
    this.#text.registerMetric(metric);
    this.#open.registerMetric(metric);
    return metric;
  }
}
