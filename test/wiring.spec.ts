import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DiscoveryService } from '@nestjs/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { alertChannels } from '../src/alerts/index.js';
import { upstreams } from '../src/gemini/upstream.js';
import { healSteps } from '../src/heal/index.js';
import { metricSources } from '../src/metrics/index.js';
import { keptStates } from '../src/platform/kept-state.js';
import { overviewParts, vitals } from '../src/watchdog/index.js';
import { type RunningNode } from '../src/start-node.js';
import { bootNode, ROOT } from './support/boot.js';

/** Suffixes of files that hold one contribution each, with the reader of their extension point. */
const POINTS = [
  { suffix: '.heal-step.ts', collect: healSteps.collect },
  { suffix: '.vital.ts', collect: vitals.collect },
  { suffix: '.upstream.ts', collect: upstreams.collect },
  { suffix: '.metrics.ts', collect: metricSources.collect },
  { suffix: '.alert-channel.ts', collect: alertChannels.collect },
  { suffix: '.overview-part.ts', collect: overviewParts.collect },
  { suffix: '.kept-state.ts', collect: keptStates.collect },
] as const;

/** Metric files whose numbers have no share in the JSON document. */
const WITHOUT_JSON = new Set([
  'AlertsMetrics',
  'ResilienceMetrics',
  'MemoryMetrics',
  'SharingMetrics',
  'KeyMetrics',
  'TracingMetrics',
  'GenAiMetrics',
]);

let node: RunningNode;
beforeAll(async () => {
  ({ node } = await bootNode());
});
afterAll(() => node.drain());

function files(folder: string, suffix: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(path, suffix);
    return entry.name.endsWith(suffix) && entry.name !== suffix.slice(1) ? [path] : [];
  });
}

it.each(POINTS)(
  'every *$suffix is a provider of a loaded module and is found by its extension point',
  async ({ suffix, collect }) => {
    const paths = files(join(ROOT, 'src'), suffix);
    expect(paths.length).toBeGreaterThan(0);
    const collected = collect(node.app.get(DiscoveryService)).map((one) => one.constructor.name);
    for (const path of paths) {
      const exported = Object.values((await import(path)) as Record<string, unknown>);
      const classes = exported.filter(
        (one): one is new () => object => typeof one === 'function' && /^class /.test(String(one)),
      );
      const names = classes.map(({ name }) => name).filter((name) => !WITHOUT_JSON.has(name));
      for (const name of names) expect(collected, path).toContain(name);
    }
  },
);

it('steps have names, options and levels of their own', () => {
  const steps = healSteps.collect(node.app.get(DiscoveryService));
  expect(new Set(steps.map(({ name }) => name)).size).toBe(steps.length);
  const options = steps.flatMap(({ option }) => (option === undefined ? [] : [option]));
  expect(new Set(options).size).toBe(options.length);
});
