import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, circuits, heal, Lives, SAVED_MS } from './support/lives.js';

let lives: Lives;
beforeEach(async () => {
  lives = await Lives.set();
});
afterEach(() => lives.over());

describe('circuits', () => {
  it('are as far into their wait after a restart as they were, and ask nobody', async () => {
    const url = await lives.next({ CIRCUIT_BREAKER_TIMEOUT: '60s' });
    const before = await lives.openCircuit(url);
    expect(before.remaining_seconds).toBeGreaterThan(50);
    await pause(2000);
    const next = await lives.next({ CIRCUIT_BREAKER_TIMEOUT: '60s' });
    const [after] = await circuits(next);
    expect(after).toMatchObject({ name: before.name, state: 'open', reason: before.reason });
    expect(after!.remaining_seconds).toBeLessThan(before.remaining_seconds!);
    expect(after!.remaining_seconds).toBeGreaterThan(10);
    const received = lives.asked;
    const refused = await ask(next);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({
      error: { details: [{ reason: 'CIRCUIT_OPEN' }, {}, { retryDelay: expect.any(String) as unknown }] },
    });
    expect(Number(refused.headers.get('retry-after'))).toBeLessThan(before.remaining_seconds!);
    expect(lives.asked).toBe(received);
    expect(await lives.stored()).not.toContain('clients-own-key');
  });

  it('have their last day in the next life too', async () => {
    await lives.openCircuit(await lives.next());
    const [after] = await circuits(await lives.next());
    const hours = (after as unknown as { hours: ({ failures: number } | null)[] }).hours;
    expect(hours.reduce((sum, hour) => sum + (hour?.failures ?? 0), 0)).toBe(5);
  });

  it('are tried again in the next life once the rest of the wait is over', async () => {
    const env = { CIRCUIT_BREAKER_TIMEOUT: '2s' };
    await lives.openCircuit(await lives.next(env));
    lives.simulator.faults.clear();
    const next = await lives.next(env);
    await expect.poll(async () => (await ask(next)).status, { timeout: 15_000 }).toBe(200);
    expect(await circuits(next)).toMatchObject([{ state: 'closed' }]);
  });

  it('stay reset after a heal', async () => {
    const url = await lives.next();
    await lives.openCircuit(url);
    await pause(SAVED_MS);
    await heal(url);
    expect(await circuits(await lives.next())).toEqual([]);
  });

  it('stay in the hand of the operator who has isolated them, on another upstream too', async () => {
    const url = await lives.next();
    expect((await ask(url)).status).toBe(200);
    const { name } = (await circuits(url))[0]!;
    const post = (of: string, what: string): Promise<Response> =>
      fetch(`${of}/self/circuits/${encodeURIComponent(name)}/${what}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: what === 'isolate' ? '{"reason":"maintenance"}' : '{}',
      });
    expect((await post(url, 'isolate')).status).toBe(200);
    const held = [{ name, state: 'isolated', reason: { cause: 'maintenance' } }];
    expect(await circuits(await lives.next({ GEMINI_BASE_URL: 'http://127.0.0.1:9' }))).toMatchObject(held);
    const next = await lives.next();
    expect(await circuits(next)).toMatchObject(held);
    const received = lives.asked;
    expect((await ask(next)).status).toBe(503);
    expect(lives.asked).toBe(received);
    expect((await post(next, 'release')).status).toBe(200);
    expect((await ask(next)).status).toBe(200);
    expect(await circuits(await lives.next())).toEqual([]);
  });

  it('say nothing of another upstream, nor of keys that are gone', async () => {
    const [one, two] = [{ GEMINI_API_KEY: 'key-one-0001' }, { GEMINI_API_KEY: 'key-two-0002' }];
    await lives.openCircuit(await lives.next(one));
    expect(await circuits(await lives.next(two))).toEqual([]);
    await lives.openCircuit(await lives.next(one));
    expect(await circuits(await lives.next({ ...one, GEMINI_BASE_URL: 'http://127.0.0.1:9' }))).toEqual([]);
    await lives.openCircuit(await lives.next(one));
    const other = await lives.next({ ...one, CIRCUIT_BREAKER_THRESHOLD: '50', CIRCUIT_BREAKER_TIMEOUT: '1s' });
    expect(await circuits(other)).toMatchObject([{ state: 'open' }]);
  });
});

describe('keys', () => {
  const KEYS = { GEMINI_API_KEY: 'a:key-one-0001,b:key-two-0002' };

  it.each([KEYS, { GEMINI_API_KEY: 'key-one-0001' }])('rest on after a restart: %o', async (keys) => {
    const url = await lives.next(keys);
    lives.useUp();
    const spent = await ask(url);
    expect(spent.status).toBe(429);
    const before = Number(spent.headers.get('retry-after'));
    await pause(2000);
    const next = await lives.next(keys);
    lives.simulator.faults.clear();
    const received = lives.asked;
    const refused = await ask(next);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ error: { details: [{ reason: 'QUOTA_EXHAUSTED' }, {}, {}] } });
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeLessThan(before);
    expect(wait).toBeGreaterThan(10);
    expect(lives.asked).toBe(received);
    // Another model's quota is another quota.
    expect((await ask(next, 'gemini-2.5-pro')).status).toBe(200);
    expect(await lives.stored()).not.toContain('key-');
  });

  it('are awake after a heal, in the next life too, and a key that is new never rested', async () => {
    const url = await lives.next(KEYS);
    lives.useUp();
    expect((await ask(url)).status).toBe(429);
    lives.simulator.faults.clear();
    const added = await lives.next({ GEMINI_API_KEY: `${KEYS.GEMINI_API_KEY},key-three-03` });
    expect((await ask(added)).status).toBe(200);
    const again = await lives.next(KEYS);
    expect((await ask(again)).status).toBe(429);
    await heal(again);
    expect((await ask(await lives.next(KEYS))).status).toBe(200);
  });
});

it('starts and serves with junk in the store, and with a store that is none', async () => {
  await lives.next();
  await lives.end();
  const junk = [null, 7, 'x', [], {}, { upstream: 1 }, { upstream: lives.simulator.url, facts: [[1], { a: 1 }, null] }];
  for (const value of [...junk.map((one) => JSON.stringify(one)), '{']) {
    await lives.store(value);
    const url = await lives.next({ GEMINI_API_KEY: 'key-one-0001' });
    expect(await circuits(url)).toEqual([]);
    expect((await ask(url)).status).toBe(200);
  }
  const url = await lives.next({ DATABASE_URL: 'file:/dev/null/l104.db' });
  expect((await ask(url)).status).toBe(200);
});
