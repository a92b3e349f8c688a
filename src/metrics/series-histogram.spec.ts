import { Registry, type Metric } from 'prom-client';
import { expect, it } from 'vitest';
import { SeriesHistogram } from './series-histogram.js';

it('stands in a registry like a histogram of prom-client', async () => {
  const registry = new Registry();
  const histogram = new SeriesHistogram({ name: 'took_seconds', help: 'Time.', buckets: [1, 4] });
  registry.registerMetric(histogram as unknown as Metric);
  const series = histogram.series({ model: 'a' });
  for (const value of [0.5, 1, 3, 100]) series.observe(value);
  expect(await registry.metrics()).toBe(`# HELP took_seconds Time.
# TYPE took_seconds histogram
took_seconds_bucket{le="1",model="a"} 2
took_seconds_bucket{le="4",model="a"} 3
took_seconds_bucket{le="+Inf",model="a"} 4
took_seconds_sum{model="a"} 104.5
took_seconds_count{model="a"} 4
`);
});
