import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MetricsRegistry } from '../../metrics/index.js';
import { StateKeeper } from './state-keeper.service.js';
import { Lives } from './test-lives.js';

let lives: Lives;
beforeEach(() => {
  lives = new Lives();
});
afterEach(() => lives.over());

it('goes on without a store that is broken, says so once, and stores when it is well', async () => {
  writeFileSync(lives.path, 'this is not a database\n'.repeat(1000));
  const life = await lives.begin();
  expect(life.good.value).toBe('born');
  life.good.value = 'learnt';
  await pause(1000);
  const told = life.events().filter((event) => event !== 'state_not_saved throwing');
  expect(told).toEqual(['state_not_restored', 'state_not_saved']);
  rmSync(lives.path);
  await expect.poll(() => life.store.status().state, { timeout: 15_000 }).toBe('ready');
  await lives.eventuallyStored('"learnt"');
  await expect.poll(() => life.events().at(-1), { timeout: 15_000 }).toBe('state_saved');
});

it('does not wait for a slow store at the start, and takes up nothing late', async () => {
  await lives.store({ good: '"before"' });
  const unlock = await lives.lock();
  const begun = performance.now();
  const life = await lives.begin({ STATE_WAIT_LIMIT: '200ms', MEMORY_BUSY_TIMEOUT_MS: '30s' });
  expect(performance.now() - begun).toBeLessThan(10_000);
  expect(life.store.status().state).toBe('opening');
  expect(life.events()).toEqual(['state_not_restored']);
  await unlock();
  await lives.eventuallyStored('"born"');
  expect(life.good.value).toBe('born');
});

it('does not wait for a slow store at the end', async () => {
  const life = await lives.begin({ STATE_WAIT_LIMIT: '2s', STATE_SAVE_INTERVAL: '10m', MEMORY_BUSY_TIMEOUT_MS: '60s' });
  await life.store.check();
  const unlock = await lives.lock();
  life.good.value = 1;
  const begun = performance.now();
  await life.app.get(StateKeeper).beforeApplicationShutdown();
  expect(performance.now() - begun).toBeLessThan(20_000);
  await unlock();
  await lives.eventuallyStored('1');
});

it('never has more than one save under way', async () => {
  const life = await lives.begin({ MEMORY_BUSY_TIMEOUT_MS: '30s' });
  await life.store.check();
  const unlock = await lives.lock();
  life.good.value = 1;
  const lengths: number[] = [];
  for (let i = 0; i < 10; i++) {
    await pause(100);
    life.good.value = i;
    const { body } = await life.app.get(MetricsRegistry).expose('text');
    lengths.push(Number(/l104_memory_queue_length (\d+)/.exec(body)?.[1]));
  }
  expect(Math.max(...lengths)).toBe(1);
  await unlock();
  await lives.eventuallyStored('9');
});
