import { Registry, type Metric } from 'prom-client';
import { expect, it } from 'vitest';
import { SeriesCounter } from './series-counter.js';

it('stands in a registry like a counter of prom-client', async () => {
  const registry = new Registry();
  const counter = new SeriesCounter({ name: 'calls_total', help: 'Calls.' });
  registry.registerMetric(counter as unknown as Metric);
  const series = counter.series({ model: 'a', type: 'input' });
  counter.series({ model: 'b"\n', type: 'input' });
  series.add();
  series.add(41);
  expect(await registry.metrics()).toBe(`# HELP calls_total Calls.
# TYPE calls_total counter
calls_total{model="a",type="input"} 42
calls_total{model="b\\"\\n",type="input"} 0
`);
});
