import { Counter, Gauge, Histogram } from 'prom-client';

const counter = (await import(new URL('../../metrics/series-counter.js', import.meta.url).href)) as {
  readonly CounterSeries: { readonly prototype: object };
};
const series = (await import(new URL('../../metrics/series-histogram.js', import.meta.url).href)) as {
  readonly HistogramSeries: { readonly prototype: object };
};

/** Loaded ahead of a node, this makes every metric forget what it is told: what is left is a node without metrics. */
Object.assign(Counter.prototype, { inc: () => undefined });
Object.assign(Gauge.prototype, { inc: () => undefined, set: () => undefined });
Object.assign(Histogram.prototype, { observe: () => undefined, zero: () => undefined });
Object.assign(counter.CounterSeries.prototype, { add: () => undefined });
Object.assign(series.HistogramSeries.prototype, { observe: () => undefined });
