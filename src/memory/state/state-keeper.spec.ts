import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Lives } from './test-lives.js';

let lives: Lives;
beforeEach(() => {
  lives = new Lives();
});
afterEach(() => lives.over());

it('gives back what the last life had learnt, before the node begins to serve', async () => {
  const first = await lives.begin();
  first.good.value = { n: 1 };
  await lives.eventuallyStored('{"n":1}');
  await lives.end(first);
  const second = await lives.begin();
  expect(second.good.value).toEqual({ n: 1 });
  expect(second.events()).toContain('state_restored');
});

it('stores nothing while nothing has been learnt, and what has not changed only once', async () => {
  const life = await lives.begin();
  await pause(500);
  expect(await lives.stored()).toEqual({});
  life.good.value = 1;
  await lives.eventuallyStored('1');
  const { good } = await lives.stored();
  await pause(500);
  expect((await lives.stored())['good']).toEqual(good);
  await lives.end(life);
  expect((await lives.stored())['good']).toEqual(good);
  const next = await lives.begin();
  await pause(300);
  await lives.end(next);
  expect((await lives.stored())['good']).toEqual(good);
});

it('stores a last time at shutdown, before the store closes', async () => {
  const life = await lives.begin({ STATE_SAVE_INTERVAL: '10m' });
  life.good.value = 'last';
  await lives.end(life);
  expect((await lives.stored())['good']?.value).toBe('"last"');
});

it('goes on past a part that throws, which is told once', async () => {
  await lives.store({ good: '"before"', throwing: '1' });
  const life = await lives.begin();
  expect(life.good.value).toBe('before');
  life.good.value = 'after';
  await lives.eventuallyStored('"after"');
  await pause(500);
  expect(life.events().filter((event) => event.endsWith('throwing'))).toEqual([
    'state_not_restored throwing',
    'state_not_saved throwing',
  ]);
});

it.each(['', '{"n":', 'null null', '\u0000', '['.repeat(100_000)])(
  'starts without what is damaged: %.12s',
  async (junk) => {
    await lives.store({ good: junk });
    const life = await lives.begin();
    expect(life.good.value).toBe('born');
    expect(life.events()).toContain('state_not_restored good');
    await lives.eventuallyStored('"born"');
  },
);

it('neither takes up nor stores more than its limit', async () => {
  await lives.store({ good: JSON.stringify('x'.repeat(2 ** 20)) });
  const life = await lives.begin();
  expect(life.good.value).toBe('born');
  life.good.value = 1;
  await lives.eventuallyStored('1');
  life.good.value = 'é'.repeat(2 ** 19);
  await pause(500);
  expect((await lives.stored())['good']?.value).toBe('1');
  expect(life.events().filter((event) => event.endsWith('good'))).toEqual(['state_not_saved good']);
  life.good.value = 2;
  await lives.eventuallyStored('2');
  expect(life.events()).toContain('state_saved good');
});
