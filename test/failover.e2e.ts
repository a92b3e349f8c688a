import { afterEach, describe, expect, it } from 'vitest';
import { type SimulatorOptions } from '../src/simulator/index.js';
import { parseFaultPlan } from '../src/simulator/index.js';
import { type Stage, setStage } from './support/boot.js';

let stage: Stage;
afterEach(() => stage.close());

const ASKED = 'gemini-2.5-pro';
const FALLBACK = 'gemini-2.5-flash';

async function set(env: Record<string, string> = {}, options: SimulatorOptions = {}): Promise<void> {
  stage = await setStage(
    { GEMINI_FALLBACK_MODELS: `${ASKED}>${FALLBACK}`, RETRY_BACKOFF_BASE: '20ms', TTFT_TIMEOUT_MS: '2s', ...env },
    options,
  );
}

function broken(...faults: object[]): void {
  const { plan, problems } = parseFaultPlan({
    faults: faults.map((fault) => ({ method: '*enerateContent', ...fault })),
  });
  if (plan === undefined) throw new Error(problems.join('\n'));
  stage.simulator.faults.set(plan);
}

function ask(surface: 'gemini' | 'openai', streamed: boolean, headers: Record<string, string> = {}): Promise<Response> {
  const openai = surface === 'openai';
  const verb = streamed ? 'streamGenerateContent?alt=sse' : 'generateContent';
  return fetch(stage.node.url + (openai ? '/v1/chat/completions' : `/v1beta/models/${ASKED}:${verb}`), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer k', ...headers },
    body: JSON.stringify(
      openai
        ? { model: ASKED, messages: [{ role: 'user', content: 'Hello' }], stream: streamed }
        : { contents: [{ parts: [{ text: 'Hello' }] }] },
    ),
  });
}

const models = (): string[] => stage.simulator.journal.records.map(({ model }) => model);
const FORMS = [
  ['gemini', false],
  ['gemini', true],
  ['openai', false],
  ['openai', true],
] as const;

describe.each(FORMS)('on %s, streamed: %s', (surface, streamed) => {
  it('repeats after a 500 on the same model, and says so', async () => {
    await set();
    broken({ times: 1, fault: { kind: 'error', status: 'INTERNAL' } });
    const response = await ask(surface, streamed);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-l104-attempts')).toBe('2');
    expect(response.headers.get('x-l104-healing')).toBe('retry');
    expect(await response.text()).toContain('simulated');
    expect(models()).toEqual([ASKED, ASKED]);
  });

  it('goes on to the fallback when the model stays down, and tells whose answer it is', async () => {
    await set();
    broken({ model: ASKED, fault: { kind: 'error', status: 'UNAVAILABLE' } });
    const response = await ask(surface, streamed);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-l104-model')).toBe(FALLBACK);
    expect(response.headers.get('x-l104-healing')).toContain('failover');
    expect(await response.text()).toContain(FALLBACK);
    expect(models().at(-1)).toBe(FALLBACK);
    expect(models().length).toBeLessThanOrEqual(3);
  });

  it('answers although the connection is reset before the head', async () => {
    await set();
    broken({ times: 1, fault: { kind: 'reset', beforeHeaders: true } });
    expect((await ask(surface, streamed)).status).toBe(200);
  });

  it('repeats an empty answer of which nothing was sent', async () => {
    await set();
    broken({ times: 1, fault: { kind: 'emptyAnswer' } });
    const response = await ask(surface, streamed);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('simulated');
  });

  it('shows the original error when all fail', async () => {
    await set();
    broken(
      { model: ASKED, fault: { kind: 'error', status: 'UNAVAILABLE', message: 'the first trouble' } },
      { model: FALLBACK, fault: { kind: 'error', status: 'INTERNAL', message: 'another trouble' } },
    );
    const response = await ask(surface, streamed);
    expect(response.status).toBe(503);
    expect(response.headers.get('x-should-retry')).toBe('false');
    expect(await response.text()).toContain('the first trouble');
  });

  it('tries once what cannot come right: a bad key, a bad request, a model that is not there', async () => {
    await set();
    for (const [status, code] of [
      ['INVALID_ARGUMENT', 400],
      ['PERMISSION_DENIED', 403],
      ['NOT_FOUND', 404],
    ] as const) {
      broken({ fault: { kind: 'error', status } });
      stage.simulator.journal.clear();
      expect((await ask(surface, streamed)).status).toBe(code);
      expect(models().filter((model) => model === ASKED)).toHaveLength(1);
    }
  });

  it('asks nobody else when the caller says so', async () => {
    await set();
    broken({ model: ASKED, fault: { kind: 'error', status: 'UNAVAILABLE' } });
    expect((await ask(surface, streamed, { 'x-l104-fallback': 'off' })).status).toBe(503);
    expect(new Set(models())).toEqual(new Set([ASKED]));
  });
});

describe('keys', () => {
  const KEYS = { GEMINI_API_KEY: 'a:key-one-0001,b:key-two-0002' };

  it('uses another key while the quota of one is used up, and lets the first rest', async () => {
    await set({ ...KEYS, GEMINI_FALLBACK_MODELS: '' }, { quota: { perMinute: 2 } });
    for (let i = 0; i < 4; i++) expect((await ask('gemini', false)).status).toBe(200);
    const spent = await ask('gemini', false);
    expect(spent.status).toBe(429);
    expect(Number(spent.headers.get('retry-after'))).toBeGreaterThan(0);
    const asked = stage.simulator.journal.counts.received;
    // Both rest: nobody is asked again.
    expect((await ask('gemini', false)).status).toBe(429);
    expect(stage.simulator.journal.counts.received).toBe(asked);
  });

  it('passes over a bad key', async () => {
    await set({ GEMINI_API_KEY: 'invalid-key-0001,good-key-0002' });
    for (let i = 0; i < 4; i++) expect((await ask('gemini', false)).status).toBe(200);
    expect(stage.simulator.journal.counts.byStatus['400']).toBe(1);
  });
});

describe('circuits', () => {
  it('asks a dead model no more, tries it again by itself, and goes back to it', async () => {
    await set({ CIRCUIT_BREAKER_THRESHOLD: '3', CIRCUIT_BREAKER_TIMEOUT: '1s' });
    broken({ model: ASKED, fault: { kind: 'error', status: 'UNAVAILABLE' } });
    for (let i = 0; i < 6; i++) expect((await ask('gemini', true)).status).toBe(200);
    const asked = models().filter((model) => model === ASKED).length;
    expect(asked).toBeLessThanOrEqual(5);
    const { circuits } = (await (await fetch(`${stage.node.url}/self/circuits`)).json()) as {
      circuits: { name: string; state: string; remaining_seconds: number; reason: { cause: string } }[];
    };
    expect(circuits[0]).toMatchObject({ state: 'open', reason: { cause: 'status 503' } });
    expect(circuits[0]!.name).toContain(ASKED);
    stage.simulator.faults.clear();
    await expect
      .poll(async () => (await ask('gemini', true)).headers.get('x-l104-model'), { timeout: 5000 })
      .toBe(ASKED);
    const metrics = (await (await fetch(`${stage.node.url}/metrics`)).json()) as Record<string, unknown>;
    expect(metrics).toMatchObject({ circuit_breaks: 1, self_healing: { circuit_breaker_open: false } });
  });

  it('refuses cheaply with a true wait while open, and is closed by a heal asked for by hand', async () => {
    await set({ GEMINI_FALLBACK_MODELS: '', CIRCUIT_BREAKER_THRESHOLD: '2' });
    broken({ fault: { kind: 'error', status: 'UNAVAILABLE' } });
    await ask('gemini', false);
    const asked = stage.simulator.journal.counts.received;
    const refused = await ask('openai', true);
    expect(refused.status).toBe(503);
    const { error } = (await refused.json()) as { error: { message: string } };
    expect(error).toMatchObject({ code: 'CIRCUIT_OPEN', type: 'server_error' });
    expect(error.message).toContain('consecutive failures, the last one with status 503');
    const list = (await (await fetch(`${stage.node.url}/self/circuits`)).json()) as { circuits: { totals: object }[] };
    // The third attempt of the first call, and the second call.
    expect(list.circuits[0]!.totals).toMatchObject({ opened: 1, rejected: 2 });
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(50);
    expect(wait).toBeLessThanOrEqual(60);
    expect(stage.simulator.journal.counts.received).toBe(asked);
    stage.simulator.faults.clear();
    expect((await ask('gemini', false)).status).toBe(503);
    expect((await fetch(`${stage.node.url}/self/heal`, { method: 'POST' })).status).toBe(200);
    expect((await ask('gemini', false)).status).toBe(200);
  });

  it('is isolated and released by an operator', async () => {
    await set({ GEMINI_FALLBACK_MODELS: '' });
    expect((await ask('gemini', false)).status).toBe(200);
    const { circuits } = (await (await fetch(`${stage.node.url}/self/circuits`)).json()) as {
      circuits: { name: string }[];
    };
    const post = (what: string): Promise<Response> =>
      fetch(`${stage.node.url}/self/circuits/${encodeURIComponent(circuits[0]!.name)}/${what}`, { method: 'POST' });
    expect((await post('isolate')).status).toBe(200);
    const refused = await ask('gemini', false);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ error: { details: [{ reason: 'CIRCUIT_OPEN' }, {}] } });
    expect((await post('release')).status).toBe(200);
    expect((await ask('gemini', false)).status).toBe(200);
    const told = stage.log.filter(({ event }) => String(event).startsWith('circuit_breaker'));
    expect(told).toMatchObject([
      { event: 'circuit_breaker_open', rule: 'operator', level: 'warn' },
      { event: 'circuit_breaker_closed', from: 'isolated' },
    ]);
  });
});

it('asks the next target beside one that is late to speak; the first to speak answers', async () => {
  await set({ FIRST_TOKEN_BESIDE_MS: '200ms', TTFT_TIMEOUT_MS: '20s' });
  broken({ model: ASKED, fault: { kind: 'firstTokenDelay', ms: 15_000 } });
  const started = performance.now();
  const response = await ask('gemini', true);
  expect(response.headers.get('x-l104-model')).toBe(FALLBACK);
  await response.text();
  expect(performance.now() - started).toBeLessThan(10_000);
  await expect.poll(() => stage.simulator.journal.records[0]?.outcome).toBe('client_aborted');
});

it('the node’s own endpoint goes on to other models unasked', async () => {
  await set({ GEMINI_FALLBACK_MODELS: '', DEFAULT_MODEL: ASKED, DEFAULT_MODEL_FALLBACKS: FALLBACK });
  broken({ model: ASKED, fault: { kind: 'error', status: 'UNAVAILABLE' } });
  const response = await fetch(`${stage.node.url}/api/v6/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k', accept: 'application/json' },
    body: '{"message":"Hello"}',
  });
  expect(await response.json()).toMatchObject({ model: FALLBACK, healing: ['retry', 'failover'] });
});

it('answers the seed’s four actions to a plain heal on a healthy node', async () => {
  await set();
  await expect.poll(async () => (await fetch(`${stage.node.url}/health/ready`)).status).toBe(200);
  const response = await fetch(`${stage.node.url}/self/heal`, { method: 'POST' });
  const run = (await response.json()) as { status: string; actions: string[] };
  expect(run.status).toBe('OK');
  expect([...run.actions].sort()).toEqual(
    ['circuit_breaker_reset', 'memory_checked', 'model_errors_cleared', 'rate_limits_cleared'].sort(),
  );
});
