import { type Metric, type OpenMetricsContentType, openMetricsContentType, Registry } from 'prom-client';
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

it('shows the last example of each bucket, where a registry shows examples', async () => {
  const histogram = new SeriesHistogram({ name: 'took_seconds', help: 'Time.', buckets: [1, 4] });
  const series = histogram.series({ model: 'a' });
  series.observe(0.5, { traceId: 'first', at: 1000 });
  series.observe(0.25, { traceId: 'second', at: 2500 });
  series.observe(3);
  series.observe(100, { traceId: 'third', at: 3000 });
  const text = async (registry: Registry<OpenMetricsContentType> | Registry): Promise<string[]> => {
    registry.registerMetric(histogram as unknown as Metric);
    return (await registry.getSingleMetricAsString('took_seconds')).split('\n').slice(2, 5);
  };
  const openMetrics = new Registry<OpenMetricsContentType>();
  openMetrics.setContentType(openMetricsContentType);
  expect(await text(openMetrics)).toEqual([
    'took_seconds_bucket{le="1",model="a"} 2 # {trace_id="second"} 0.25 2.5',
    'took_seconds_bucket{le="4",model="a"} 3',
    'took_seconds_bucket{le="+Inf",model="a"} 4 # {trace_id="third"} 100 3',
  ]);
  expect((await text(new Registry())).join()).not.toContain('trace_id');
});

it('keeps one example a bucket, however many there are', () => {
  const series = new SeriesHistogram({ name: 'took_seconds', help: 'Time.', buckets: [1, 4] }).series({});
  for (let i = 0; i < 10_000; i++) series.observe(i % 7, { traceId: String(i), at: i });
  expect(series.exemplars).toHaveLength(3);
});
