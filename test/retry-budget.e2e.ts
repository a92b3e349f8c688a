import { afterEach, describe, expect, it } from 'vitest';
import { parseFaultPlan } from '../src/simulator/index.js';
import { type Stage, setStage } from './support/boot.js';

// What the retry budget bounds and what it does not; what a refused quota is told as.

let stage: Stage;
afterEach(() => stage.close());

const ASKED = 'gemini-2.5-pro';
const FALLBACK = 'gemini-2.5-flash';
const NO_BUDGET = { RETRY_BUDGET_FLOOR: '0', RETRY_BUDGET_SHARE: '0', RETRY_BACKOFF_BASE: '10ms' };
const TWO_KEYS = { GEMINI_API_KEY: 'key-one-0001,key-two-0002' };

async function set(env: Record<string, string>, ...faults: object[]): Promise<void> {
  stage = await setStage(env);
  const { plan, problems } = parseFaultPlan({ faults });
  if (plan === undefined) throw new Error(problems.join('\n'));
  stage.simulator.faults.set(plan);
}

function ask(headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${stage.node.url}/v1beta/models/${ASKED}:generateContent`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k', ...headers },
    body: JSON.stringify({ contents: [{ parts: [{ text: 'Hello' }] }] }),
  });
}

const statuses = async (calls: number): Promise<Set<number>> =>
  new Set(await Promise.all(Array.from({ length: calls }, async () => (await ask()).status)));
const metrics = async (): Promise<Record<string, unknown>> =>
  (await (await fetch(`${stage.node.url}/metrics`)).json()) as Record<string, unknown>;
const events = (event: string): Record<string, unknown>[] => stage.log.filter((line) => line['event'] === event);

describe('without any budget', () => {
  it('a burst that meets a used-up key is answered by the other', async () => {
    const quota = { kind: 'error', quota: 'PerMinute', retryDelay: '40s' };
    await set({ ...NO_BUDGET, ...TWO_KEYS }, { key: 'key-one-*', fault: quota });
    expect(await statuses(20)).toEqual(new Set([200]));
  });

  it('a burst that meets a bad key is answered by the other', async () => {
    await set({ ...NO_BUDGET, GEMINI_API_KEY: 'invalid-key-0001,good-key-0002' });
    expect(await statuses(20)).toEqual(new Set([200]));
  });

  it('a burst that meets a dead model is answered by the fallback, which the dead one is not asked twice for', async () => {
    const down = { model: ASKED, fault: { kind: 'error', status: 'UNAVAILABLE' } };
    await set({ ...NO_BUDGET, GEMINI_FALLBACK_MODELS: `${ASKED}>${FALLBACK}` }, down);
    expect(await statuses(20)).toEqual(new Set([200]));
    expect(stage.simulator.journal.records.filter(({ model }) => model === ASKED).length).toBeLessThanOrEqual(20);
    expect(await metrics()).toMatchObject({ model_rotations: 20 });
  });

  it('a model alone is not asked again, and the log says why', async () => {
    await set(NO_BUDGET, { fault: { kind: 'error', status: 'UNAVAILABLE' } });
    expect((await ask()).status).toBe(503);
    expect(stage.simulator.journal.counts.received).toBe(1);
    expect(await metrics()).toMatchObject({ retry_exhausted: 1, retry_successes: 0 });
    expect(events('retry_exhausted')).toMatchObject([{ attempts: 1, why: 'budget' }]);
  });
});

it('counts every call that another model answers, also while the circuit of the first is open', async () => {
  const env = { GEMINI_FALLBACK_MODELS: `${ASKED}>${FALLBACK}`, CIRCUIT_BREAKER_THRESHOLD: '1' };
  await set(env, { model: ASKED, fault: { kind: 'error', status: 'UNAVAILABLE' } });
  for (let i = 0; i < 4; i++) expect((await ask()).headers.get('x-l104-healing')).toContain('failover');
  expect(await metrics()).toMatchObject({ model_rotations: 4, retry_successes: 1, circuit_breaks: 1 });
  expect(events('model_failover')).toHaveLength(4);
});

describe('a chain', () => {
  const CHAIN = { GEMINI_FALLBACK_MODELS: `${ASKED}>${FALLBACK}>gemini-2.5-flash-lite`, RETRY_BACKOFF_BASE: '10ms' };
  const down = (model: string): object => ({ model, fault: { kind: 'error', status: 'UNAVAILABLE' } });
  const models = (): string[] =>
    stage.simulator.journal.records.filter(({ verb }) => verb === 'POST').map(({ model }) => model);

  it('is followed to its end although the attempts are spent', async () => {
    await set(CHAIN, down(ASKED), down(FALLBACK));
    const response = await ask();
    expect([response.status, response.headers.get('x-l104-model')]).toEqual([200, 'gemini-2.5-flash-lite']);
    expect(models()).toEqual([ASKED, ASKED, FALLBACK, 'gemini-2.5-flash-lite']);
  });

  it('is not followed after a failure where nothing is to be tried again', async () => {
    await set({ ...CHAIN, MAX_RETRY_ATTEMPTS: '1' }, down(ASKED));
    expect((await ask()).status).toBe(503);
    expect(models()).toEqual([ASKED]);
  });
});

it('counts no retry where the first of two attempts side by side answers', async () => {
  const env = { GEMINI_FALLBACK_MODELS: `${ASKED}>${FALLBACK}`, ANSWER_BESIDE: '100ms' };
  const slow = (model: string, ms: number): object => ({ model, fault: { kind: 'firstTokenDelay', ms } });
  await set(env, slow(ASKED, 600), slow(FALLBACK, 20_000));
  const response = await ask();
  expect([response.status, response.headers.get('x-l104-model')]).toEqual([200, ASKED]);
  expect(response.headers.get('x-l104-healing')).toBeNull();
  expect(await metrics()).toMatchObject({ api_calls: 2, retry_successes: 0, model_rotations: 0 });
});

describe('the wait told with a refused quota', () => {
  const DAY = { kind: 'error', quota: 'PerDay', retryDelay: '40s' };

  it.each([{}, TWO_KEYS])('is that until the reset, whatever Google asks for (%o)', async (keys) => {
    await set(keys, { fault: DAY });
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('x-should-retry')).toBe('false');
    // Within five minutes of a reset the day may be yesterday's, and a minute is waited.
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(60);
    expect(await refused.text()).toContain('"retryDelay":"40s"');
  });

  it('is that of the key that is ready first', async () => {
    const minute = { kind: 'error', quota: 'PerMinute', retryDelay: '20s' };
    await set(TWO_KEYS, { key: 'key-one-*', fault: DAY }, { key: 'key-two-*', fault: minute });
    for (let i = 0; i < 2; i++) {
      const wait = Number((await ask()).headers.get('retry-after'));
      expect(wait).toBeGreaterThan(15);
      expect(wait).toBeLessThanOrEqual(20);
    }
  });

  it('is told as one of quota also where the deadline is shorter', async () => {
    await set({ GEMINI_API_KEY: 'key-one-0001' }, { fault: { kind: 'error', quota: 'PerMinute', retryDelay: '8s' } });
    for (let i = 0; i < 2; i++) {
      const refused = await ask({ 'x-l104-deadline-ms': '2000' });
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(5);
    }
    expect(stage.simulator.journal.counts.received).toBe(1);
  });
});

describe('keys that Gemini refuses', () => {
  const refuse = (key: string): object => ({
    key,
    fault: { kind: 'error', status: 'INVALID_ARGUMENT', message: 'API key not valid. Please pass a valid API key.' },
  });
  const received = (): number => stage.simulator.journal.counts.received;
  const keys = async (): Promise<string[]> =>
    (await (await fetch(`${stage.node.url}/metrics/prometheus`)).text())
      .split('\n')
      .filter((line) => line.startsWith('l104_api_keys{'));

  it('rest, are told of once, and come back by themselves when they are mended', async () => {
    await set({ ...TWO_KEYS, BAD_KEY_REST: '1s' }, refuse('key-one-*'));
    expect(await statuses(6)).toEqual(new Set([200]));
    expect(events('key_resting')).toMatchObject([{ kind: 'refused', reason: 'API_KEY_INVALID', rest_ms: 1000 }]);
    expect(await keys()).toContain('l104_api_keys{state="refused"} 1');
    stage.simulator.faults.clear();
    await expect
      .poll(async () => (await ask()).status === 200 && (await keys()).includes('l104_api_keys{state="ready"} 2'), {
        timeout: 5000,
      })
      .toBe(true);
  });

  it('are not all asked by every call where there is no good one', async () => {
    await set(TWO_KEYS, refuse('*'));
    await ask();
    const before = received();
    expect((await ask()).status).toBe(400);
    expect(received() - before).toBe(1);
  });
});
