export { BoundedLabel } from './domain/bounded-label.js';
export { BoundedLabels } from './domain/bounded-labels.js';
export { metricSources, type MetricSource, type SeedPart } from './metric-source.js';
export { MetricsModule } from './metrics.module.js';
export { LOOP_MONITOR_MS, MetricsRegistry } from './metrics.registry.js';
export { type HistogramSeries, type SeriesHistogram } from './series-histogram.js';
export { DURATION_BUCKETS, RequestMetrics } from './request.metrics.js';
