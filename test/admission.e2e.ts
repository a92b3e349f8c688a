import { afterEach, describe, expect, it } from 'vitest';
import { parseFaultPlan } from '../src/simulator/index.js';
import { type Stage, setStage } from './support/boot.js';

let stage: Stage;
afterEach(() => stage.close());

const SLOW = 'gemini-2.5-pro';
const OTHER = 'gemini-2.5-flash';

function faulty(...faults: object[]): void {
  const { plan, problems } = parseFaultPlan({ faults });
  if (plan === undefined) throw new Error(problems.join('\n'));
  stage.simulator.faults.set(plan);
}

interface Asked {
  readonly streamed?: boolean;
  readonly headers?: Record<string, string>;
  readonly config?: object;
  readonly signal?: AbortSignal;
}

function ask(model: string, { streamed = true, headers = {}, config, signal }: Asked = {}): Promise<Response> {
  const verb = streamed ? 'streamGenerateContent?alt=sse' : 'generateContent';
  return fetch(`${stage.node.url}/v1beta/models/${model}:${verb}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k', ...headers },
    body: JSON.stringify({ contents: [{ parts: [{ text: 'Hello' }] }], generationConfig: config }),
    signal: signal ?? null,
  });
}

async function reading(series: string): Promise<number | undefined> {
  const text = await (await fetch(`${stage.node.url}/metrics/prometheus`)).text();
  const line = text.split('\n').find((one) => one.startsWith(series));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ')));
}

const QUEUED = `l104_queue_length{bulkhead="${SLOW} stream"}`;
const TIGHT = {
  MODEL_CONCURRENCY_INITIAL: '2',
  MODEL_CONCURRENCY_FLOOR: '1',
  MODEL_CONCURRENCY_CEILING: '2',
  MODEL_QUEUE_LIMIT: '1',
};

describe('places among the attempts at a model', () => {
  it('lets one model wait without a word about the others, and tells how long it waited', async () => {
    stage = await setStage(TIGHT);
    faulty({ model: SLOW, fault: { kind: 'firstTokenDelay', ms: 700 } });
    const first = [ask(SLOW), ask(SLOW)];
    await expect.poll(() => stage.simulator.journal.open).toBe(2);
    const queued = ask(SLOW);
    await expect.poll(() => reading(QUEUED)).toBe(1);
    const refused = await ask(SLOW);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await refused.json()).toMatchObject({
      error: { status: 'UNAVAILABLE', details: [{ reason: 'OVERLOADED' }, {}, {}] },
    });
    expect((await ask(OTHER)).status).toBe(200);
    const late = await queued;
    expect(late.status).toBe(200);
    expect(Number(/queue;dur=([\d.]+)/.exec(late.headers.get('server-timing') ?? '')?.[1])).toBeGreaterThan(100);
    expect(await late.text()).toContain('simulated');
    for (const one of first) expect((await one).status).toBe(200);
    expect(await reading('l104_calls_refused_total{reason="crowded"}')).toBe(1);
    expect(await reading(QUEUED)).toBe(0);
    expect(await reading(`l104_concurrency_in_flight{bulkhead="${SLOW} stream"}`)).toBe(0);
  });

  it('sheds the less important for the more important', async () => {
    stage = await setStage(TIGHT);
    faulty({ model: SLOW, fault: { kind: 'firstTokenDelay', ms: 700 } });
    const first = [ask(SLOW), ask(SLOW)];
    await expect.poll(() => stage.simulator.journal.open).toBe(2);
    const low = ask(SLOW, { headers: { 'x-l104-priority': 'low' } });
    await expect.poll(() => reading(QUEUED)).toBe(1);
    const high = ask(SLOW, { headers: { 'x-l104-priority': 'high' } });
    expect((await low).status).toBe(503);
    expect((await high).status).toBe(200);
    await Promise.all(first);
  });

  it('forgets who leaves while waiting', async () => {
    stage = await setStage(TIGHT);
    faulty({ model: SLOW, fault: { kind: 'firstTokenDelay', ms: 600 } });
    const first = [ask(SLOW), ask(SLOW)];
    await expect.poll(() => stage.simulator.journal.open).toBe(2);
    const leaving = new AbortController();
    const gone = ask(SLOW, { signal: leaving.signal }).catch(() => undefined);
    await expect.poll(() => reading(QUEUED)).toBe(1);
    leaving.abort();
    await gone;
    await expect.poll(() => reading(QUEUED)).toBe(0);
    await Promise.all(first.map(async (one) => (await one).text()));
    expect(stage.simulator.journal.records).toHaveLength(2);
  });

  it('goes on to a fallback that has room', async () => {
    stage = await setStage({ ...TIGHT, MODEL_QUEUE_LIMIT: '0', GEMINI_FALLBACK_MODELS: `${SLOW}>${OTHER}` });
    faulty({ model: SLOW, fault: { kind: 'firstTokenDelay', ms: 600 } });
    const first = [ask(SLOW), ask(SLOW)];
    await expect.poll(() => stage.simulator.journal.open).toBe(2);
    const response = await ask(SLOW);
    expect([response.status, response.headers.get('x-l104-model')]).toEqual([200, OTHER]);
    await Promise.all(first);
  });

  it('waits once for a full model, and counts one refusal, however many keys there are', async () => {
    const keys = 'one:key-of-one,two:key-of-two,three:key-of-three';
    stage = await setStage({ ...TIGHT, MODEL_QUEUE_WAIT: '600ms', GEMINI_API_KEY: keys });
    faulty({ model: SLOW, fault: { kind: 'firstTokenDelay', ms: 4000 } });
    const leaving = new AbortController();
    const first = [ask(SLOW, { signal: leaving.signal }), ask(SLOW, { signal: leaving.signal })];
    const gone = Promise.allSettled(first);
    await expect.poll(() => stage.simulator.journal.open).toBe(2);
    const queued = ask(SLOW);
    await expect.poll(() => reading(QUEUED)).toBe(1);
    expect((await ask(SLOW)).status).toBe(503);
    expect((await queued).status).toBe(503);
    expect(await reading('l104_calls_refused_total{reason="crowded"}')).toBe(1);
    expect(await reading('l104_calls_refused_total{reason="expired"}')).toBe(1);
    leaving.abort();
    await gone;
  });

  it('counts nobody whose answer flows', async () => {
    stage = await setStage(TIGHT, { wordDelayMs: 20 });
    const held = await Promise.all([ask(SLOW), ask(SLOW), ask(SLOW)]);
    expect((await ask(SLOW)).status).toBe(200);
    expect(held.map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});

describe('patience', () => {
  it('gives a thinking budget its time', async () => {
    stage = await setStage({ TTFT_TIMEOUT_MS: '300ms', TTFT_PER_THINKING_TOKEN: '2ms', MAX_RETRY_ATTEMPTS: '1' });
    faulty({ fault: { kind: 'firstTokenDelay', ms: 900 } });
    expect((await ask(SLOW)).status).toBe(504);
    expect((await ask(SLOW, { config: { thinkingConfig: { thinkingBudget: 2000 } } })).status).toBe(200);
  });

  it('learns what is silence from a model that answers soon', async () => {
    stage = await setStage({ TTFT_TIMEOUT_MS: '20s', TTFT_TIMEOUT_FLOOR: '400ms', MAX_RETRY_ATTEMPTS: '1' });
    for (let i = 0; i < 25; i++) await (await ask(SLOW)).text();
    // What was read of a model holds for a second.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    faulty({ fault: { kind: 'firstTokenDelay' } });
    const began = performance.now();
    const response = await ask(SLOW);
    expect(response.status).toBe(504);
    expect(performance.now() - began).toBeLessThan(8000);
  });

  it('does not take a long prompt to a quick model for silence', async () => {
    stage = await setStage();
    for (let i = 0; i < 25; i++) await (await ask(SLOW)).text();
    // What was read of a model holds for a second.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    faulty({ fault: { kind: 'firstTokenDelay', ms: 3000 } });
    const response = await ask(SLOW);
    expect([response.status, response.headers.get('x-l104-attempts')]).toEqual([200, '1']);
    expect(await response.text()).toContain('simulated');
  });

  it.each([true, false])('asks the fallback beside a route that is silent (streamed: %s)', async (streamed) => {
    stage = await setStage({
      GEMINI_FALLBACK_MODELS: `${SLOW}>${OTHER}`,
      FIRST_TOKEN_BESIDE_MS: '300ms',
      ANSWER_BESIDE: '300ms',
    });
    faulty({ model: SLOW, fault: { kind: 'silence' } });
    const response = await ask(SLOW, { streamed });
    expect([response.status, response.headers.get('x-l104-model')]).toEqual([200, OTHER]);
    await response.text();
    await expect.poll(() => stage.simulator.journal.open).toBe(0);
    expect(stage.simulator.journal.records.map(({ model }) => model)).toEqual([SLOW, OTHER]);
  });

  it('leaves an answer in one piece that never comes', async () => {
    stage = await setStage({ ANSWER_TIMEOUT: '500ms', MAX_RETRY_ATTEMPTS: '1' });
    faulty({ fault: { kind: 'silence' } });
    const response = await ask(SLOW, { streamed: false });
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ error: { details: [{ reason: 'FIRST_TOKEN_TIMEOUT' }, {}] } });
  });
});

describe('hedging', () => {
  const HEDGED = { HEDGE_ENABLED: 'true', RETRY_BUDGET_FLOOR: '100' };

  it('sends a second attempt when the first is later than its kind, and takes the first word', async () => {
    stage = await setStage(HEDGED);
    for (let i = 0; i < 25; i++) await (await ask(SLOW)).text();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    faulty({ times: 1, fault: { kind: 'firstTokenDelay', ms: 20_000 } });
    const response = await ask(SLOW);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-l104-healing')).toBe('hedge');
    expect(response.headers.get('x-l104-attempts')).toBe('2');
    expect(await response.text()).toContain('simulated');
    await expect.poll(() => stage.simulator.journal.open).toBe(0);
    expect(stage.simulator.journal.records.slice(-2).map(({ outcome }) => outcome)).toContain('client_aborted');
  });

  it('is off unless asked for', async () => {
    stage = await setStage({ RETRY_BUDGET_FLOOR: '100' });
    for (let i = 0; i < 25; i++) await (await ask(SLOW)).text();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    faulty({ times: 1, fault: { kind: 'firstTokenDelay', ms: 800 } });
    const response = await ask(SLOW);
    expect([response.status, response.headers.get('x-l104-healing')]).toEqual([200, null]);
    expect(stage.simulator.journal.records).toHaveLength(26);
  });
});
