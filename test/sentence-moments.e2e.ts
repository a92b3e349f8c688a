import { DiscoveryService } from '@nestjs/core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { healSteps } from '../src/heal/index.js';
import { ManualClock } from '../src/kernel/clock.js';
import { startSimulator } from '../src/simulator/index.js';
import { NodeHealth, Watchdog } from '../src/watchdog/index.js';
import { ask, many, MODEL } from './support/asking.js';
import { bootNode, type Stage, setStage } from './support/boot.js';
import { startFreezing } from './support/freezing-proxy.js';
import { breakDown, mend, settled, told } from './support/told.js';

const BEGUN = Date.UTC(2026, 10, 28, 21, 4);
const QUIET = { WATCHDOG_INTERVAL: '1h', RETRY_BACKOFF_BASE: '1ms' };

let clock: ManualClock;
let stage: Stage | undefined;
beforeEach(() => {
  clock = new ManualClock(BEGUN);
});
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

async function set(env: Record<string, string>): Promise<Stage> {
  stage = await setStage({ ...QUIET, ...env }, {}, { clock });
  await settled(stage.node.url);
  return stage;
}

async function answered(url: string): Promise<number> {
  const response = await ask(url, {});
  await response.arrayBuffer();
  return response.status;
}

it('a drain counts the streams that still run, and says when new requests are refused', async () => {
  const { node, simulator } = await set({ SHUTDOWN_DELAY_SECONDS: '2s', SHUTDOWN_GRACE_SECONDS: '25s' });
  simulator.faults.preset('slow', 60_000);
  const leaving = new AbortController();
  const stream = await ask(node.url, { form: 'gemini-sse', signal: leaving.signal });
  const drained = node.drain();
  const { state, status, situation, summary } = await told(node.url);
  expect([state, status, situation]).toEqual(['draining', 'degraded', 'draining']);
  expect(summary).toMatch(
    /^Shutting down: 1 stream still running, (25|30) s left\. New requests are refused in [12] s\.$/,
  );
  const within = (): string => node.app.get(NodeHealth).report().summary;
  await expect.poll(within, { timeout: 5000 }).toMatch(/left\. New requests are refused\.$/);
  expect(within()).toMatch(/^Shutting down: 1 stream still running, 25 s left\./);
  leaving.abort();
  await Promise.allSettled([stream.text()]);
  await expect.poll(within).toMatch(/^Shutting down: 0 streams still running/);
  await drained;
});

it('a heal says what it does, then when its result is known, and the end of it', async () => {
  const { node } = await set({});
  const step = healSteps.collect(node.app.get(DiscoveryService)).find(({ name }) => name === 'http_client_reset')!;
  let finish = (): void => undefined;
  const repair = vi.spyOn(step, 'run').mockReturnValue(new Promise((resolve) => (finish = resolve)));
  breakDown(stage!, { method: '*enerateContent', model: MODEL, fault: { kind: 'error', status: 'UNAVAILABLE' } });
  await answered(node.url);
  await answered(node.url);
  expect(await told(node.url)).toMatchObject({ situation: 'degraded' });
  const run = fetch(`${node.url}/self/heal?reset_http_client=true&reset_circuit_breaker=false`, { method: 'POST' });
  await expect.poll(async () => (await told(node.url)).summary).toBe('Healing (medium): http client reset.');
  expect((await told(node.url)).situation).toBe('healing');
  finish();
  const { actions } = (await (await run).json()) as { actions: string[] };
  repair.mockRestore();
  const done = actions.slice(0, 2).map((action) => action.replaceAll('_', ' '));
  const more = actions.length > 2 ? ` and ${actions.length - 2} more` : '';
  expect((await told(node.url)).summary).toBe(`Healing (medium): ${done.join(', ')}${more}. Result in about 5 s.`);
  clock.advance(2500);
  expect((await told(node.url)).summary).toMatch(/ Result in about 3 s\.$/);
  clock.advance(2500);
  expect((await told(node.url)).situation).toBe('degraded');
});

it('an overload says who waits, who is refused and what the limit is, for as long as it lasts', async () => {
  const one = { MODEL_CONCURRENCY_INITIAL: '1', MODEL_CONCURRENCY_FLOOR: '1', MODEL_QUEUE_LIMIT: '1' };
  const { node, simulator } = await set({ ...one, MODEL_CONCURRENCY_CEILING: '4' });
  breakDown(stage!, { fault: { kind: 'firstTokenDelay', ms: 60_000 } });
  const leaving = new AbortController();
  const low = { 'x-l104-priority': 'low' };
  const waiting = [ask(node.url, { signal: leaving.signal })];
  await expect.poll(() => simulator.journal.open).toBe(1);
  waiting.push(ask(node.url, { signal: leaving.signal }));
  const queue = `l104_queue_length{bulkhead="${MODEL} stream"} 1`;
  await expect.poll(async () => (await fetch(`${node.url}/metrics/prometheus`)).text()).toContain(queue);
  // To wait is no trouble yet.
  expect((await told(node.url)).situation).toBe('idle');
  expect((await ask(node.url, { headers: low })).status).toBe(503);
  expect(await told(node.url)).toMatchObject({
    status: 'degraded',
    situation: 'overloaded',
    headline: 'Busy: 1 waiting, low priority refused.',
    summary: 'Busy: 1 waiting, low priority refused. Limit 1, raised as latency falls.',
  });
  expect((await ask(node.url, {})).status).toBe(503);
  expect((await told(node.url)).summary).toMatch(/^Busy: 1 waiting, calls refused\. Limit 1/);
  clock.advance(10_000);
  expect((await told(node.url)).situation).not.toBe('overloaded');
  leaving.abort();
  await Promise.allSettled(waiting);
  mend(stage!);
});

it('a heal that has helped is named when all is well again', async () => {
  const simulator = await startSimulator({ wordDelayMs: 0 });
  const proxy = await startFreezing(simulator.url);
  const env = { ...QUIET, MAX_RETRY_ATTEMPTS: '1', TTFT_TIMEOUT_MS: '500ms', TTFT_TIMEOUT_FLOOR: '500ms' };
  const base = { GEMINI_UPSTREAM: 'gemini', GEMINI_BASE_URL: proxy.url };
  const { node } = await bootNode({ ...base, ...env }, { clock });
  const [watchdog, url] = [node.app.get(Watchdog), node.url];
  const three = (): Promise<number[]> => Promise.all(many(3, () => answered(url)));
  try {
    await settled(url);
    expect(await three()).toEqual([200, 200, 200]);
    proxy.freeze();
    expect(await three()).toEqual([504, 504, 504]);
    await expect.poll(async () => (await told(url)).summary).toContain('have gone bad');
    clock.advance(20_000);
    await watchdog.look(true);
    expect((await told(url)).summary).toBe(
      'Healing (medium): circuit breaker reset, http client reset. Result in about 5 s.',
    );
    expect(await answered(url)).toBe(200);
    clock.advance(5000);
    await watchdog.look();
    expect(await told(url)).toMatchObject({
      situation: 'recovered',
      summary:
        'Healthy again since 21:04 UTC. Connection fault lasted 20 s; circuit breaker reset, http client reset cured it; 3 requests failed.',
    });
  } finally {
    await node.drain();
    await proxy.close();
    await simulator.close();
  }
});
