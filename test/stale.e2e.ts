import { afterEach, describe, expect, it } from 'vitest';
import { parseFaultPlan, type SimulatorOptions } from '../src/simulator/index.js';
import { type Ask, ask as askNode, FORMS, healing, many, metric as seriesOf, MODEL } from './support/asking.js';
import { type Stage, setStage } from './support/boot.js';

let stage: Stage;
afterEach(() => stage.close());

async function set(env: Record<string, string> = {}, options: SimulatorOptions = {}): Promise<void> {
  const quick = { MAX_RETRY_ATTEMPTS: '1', CIRCUIT_BREAKER_THRESHOLD: '1000' };
  stage = await setStage({ STALE_IF_ERROR: '1h', ...quick, ...env }, options);
}

function broken(...faults: object[]): void {
  const { plan, problems } = parseFaultPlan({ faults: faults.map((fault) => ({ method: '*', fault })) });
  if (plan === undefined) throw new Error(problems.join('\n'));
  stage.simulator.faults.set(plan);
}

const ask = (what: Ask = {}): Promise<Response> => askNode(stage.node.url, what);
const received = (): number => stage.simulator.journal.counts.received;
const stale = (): Promise<number> => seriesOf(stage.node.url, 'l104_shared_answers_total{kind="stale"}');
const OUTAGE = { kind: 'error', status: 'UNAVAILABLE' };

describe.each(FORMS)('after an outage, %s', (form) => {
  it('the earlier answer is given again, and says that it is old', async () => {
    await set();
    const fresh = await ask({ form });
    const text = await fresh.text();
    expect([healing(fresh), fresh.headers.get('age')]).toEqual([null, null]);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    broken(OUTAGE);
    const old = await ask({ form });
    expect([old.status, healing(old)]).toEqual([200, 'stale']);
    expect(await old.text()).toBe(text);
    expect(Number(old.headers.get('age'))).toBeGreaterThanOrEqual(1);
    expect(Number(old.headers.get('age'))).toBeLessThan(60);
    expect(old.headers.get('content-type')).toBe(fresh.headers.get('content-type'));
    expect(old.headers.get('content-length')).toBe(fresh.headers.get('content-length'));
    expect(old.headers.get('x-l104-model')).toBe(MODEL);
    expect(old.headers.get('x-request-id')).not.toBe(fresh.headers.get('x-request-id'));
    // It was asked, and failed; the earlier answer is no attempt and no answer of a model.
    expect(received()).toBe(2);
    expect(await stale()).toBe(1);
    const metrics = (await (await fetch(`${stage.node.url}/metrics`)).json()) as Record<string, unknown>;
    expect(metrics).toMatchObject({
      requests_total: 2,
      requests_success: 2,
      api_calls: 2,
      model_usage: { [MODEL]: 1 },
    });
    const line = stage.log.find(({ event }) => event === 'stale_answer');
    expect(line).toMatchObject({ level: 'info', status: 503, request_id: old.headers.get('x-request-id') });
    expect(JSON.stringify(stage.log)).not.toContain('Hello');
    expect((await ask({ form, text: 'Something else' })).status).toBe(503);
  });
});

describe('an earlier answer stands in', () => {
  it.each([
    ['a 500', { kind: 'error', status: 'INTERNAL' }],
    ['a used-up quota', { kind: 'error', quota: 'PerDay' }],
    ['a connection that breaks', { kind: 'reset', beforeHeaders: true }],
    ['an empty answer', { kind: 'emptyAnswer' }],
    ['a page in place of an answer', { kind: 'html200' }],
    ['a silence', { kind: 'silence' }],
  ])('for %s', async (_name, fault) => {
    await set({ TTFT_TIMEOUT_MS: '500ms', STREAM_IDLE_TIMEOUT_MS: '500ms' });
    const text = await (await ask()).text();
    broken(fault);
    const old = await ask();
    expect([old.status, healing(old)]).toEqual([200, 'stale']);
    expect(await old.text()).toBe(text);
  });

  it('at the caller’s deadline, and the attempt is given up', async () => {
    await set();
    await (await ask()).text();
    broken({ kind: 'silence' });
    const old = await ask({ headers: { 'x-l104-deadline-ms': '400' } });
    expect([old.status, healing(old)]).toEqual([200, 'stale']);
    await expect.poll(() => stage.simulator.journal.records.at(-1)?.outcome).toBe('client_aborted');
  });

  it('while the circuit is open, without asking', async () => {
    await set({ CIRCUIT_BREAKER_THRESHOLD: '2', MAX_RETRY_ATTEMPTS: '3', RETRY_BACKOFF_BASE: '20ms' });
    await (await ask()).text();
    broken(OUTAGE);
    await ask({ text: 'Something else' });
    const asked = received();
    expect(healing(await ask())).toBe('stale');
    expect((await ask({ text: 'Something else' })).status).toBe(503);
    expect(received()).toBe(asked);
  });

  it('when the node is full, for calls it knows', async () => {
    await set({ MAX_CONCURRENT_CALLS: '1' });
    await (await ask()).text();
    broken({ kind: 'silence' });
    const leaving = new AbortController();
    const held = ask({ text: 'Something else', signal: leaving.signal }).catch(() => undefined);
    await expect.poll(() => stage.simulator.journal.open, { timeout: 10_000 }).toBe(1);
    const old = await ask();
    expect([old.status, healing(old)]).toEqual([200, 'stale']);
    const refused = await ask({ text: 'Another thing' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await refused.text()).toContain('OVERLOADED');
    leaving.abort();
    await held;
    await expect.poll(() => seriesOf(stage.node.url, 'l104_body_memory_bytes')).toBe(0);
  });

  it('for all who wait for the same', async () => {
    await set({ COALESCE_ENABLED: 'true' });
    await (await ask()).text();
    broken({ kind: 'latency', ms: 1000 }, OUTAGE);
    const responses = await Promise.all(many(4, () => ask()));
    expect(responses.map(healing).sort()).toEqual([
      'coalesced, stale',
      'coalesced, stale',
      'coalesced, stale',
      'stale',
    ]);
    expect(received()).toBe(2);
  });

  it('after several attempts, which it says', async () => {
    await set({ MAX_RETRY_ATTEMPTS: '2', RETRY_BACKOFF_BASE: '20ms' });
    await (await ask()).text();
    broken(OUTAGE);
    const old = await ask();
    expect([healing(old), old.headers.get('x-l104-attempts')]).toEqual(['retry, stale', '2']);
  });
});

describe('an earlier answer does not stand in', () => {
  it.each([
    ['INVALID_ARGUMENT', 400],
    ['UNAUTHENTICATED', 401],
    ['PERMISSION_DENIED', 403],
    ['NOT_FOUND', 404],
  ])('for %s', async (status, code) => {
    await set();
    await (await ask()).text();
    broken({ kind: 'error', status });
    const response = await ask();
    expect([response.status, healing(response)]).toEqual([code, null]);
  });

  it('when the caller wants none, or the caller is another', async () => {
    await set();
    await (await ask({ headers: { 'x-l104-cache': 'off' } })).text();
    broken(OUTAGE);
    expect((await ask()).status).toBe(503);
    stage.simulator.faults.clear();
    await (await ask()).text();
    broken(OUTAGE);
    expect((await ask()).status).toBe(200);
    expect((await ask({ headers: { 'x-l104-cache': 'off' } })).status).toBe(503);
    expect((await ask({ headers: { authorization: 'Bearer another' } })).status).toBe(503);
  });

  it('when it is older than it may be', async () => {
    await set({ STALE_IF_ERROR: '1s' });
    await (await ask()).text();
    broken(OUTAGE);
    expect((await ask()).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect((await ask()).status).toBe(503);
  });

  it('unless it is switched on', async () => {
    await set({ STALE_IF_ERROR: '0s' });
    await (await ask()).text();
    broken(OUTAGE);
    expect((await ask()).status).toBe(503);
  });

  it.each(FORMS)('when it was blocked or stopped for safety, %s', async (form) => {
    await set();
    const texts = ['Hello #safety #words=50', 'Hello #blocked'];
    for (const text of texts) await (await ask({ form, text })).text();
    broken(OUTAGE);
    for (const text of texts) expect((await ask({ form, text })).status).toBe(503);
  });

  it('when it was cut, or the client did not stay for it', async () => {
    await set({}, { wordDelayMs: 5 });
    broken({ kind: 'reset', afterEvents: 3 });
    const cut = await ask({ text: 'Hello #words=50' });
    await cut.text().catch(() => undefined);
    stage.simulator.faults.clear();
    const leaving = new AbortController();
    const left = await ask({ text: 'Hello #words=200', signal: leaving.signal });
    await left.body!.getReader().read();
    leaving.abort();
    broken(OUTAGE);
    for (const words of [50, 200]) expect((await ask({ text: `Hello #words=${words}` })).status).toBe(503);
  });

  it('after the first byte: what was said stays, and the stream breaks', async () => {
    await set({}, { wordDelayMs: 5 });
    await (await ask({ text: 'Hello #words=50' })).text();
    broken({ kind: 'reset', afterEvents: 3 });
    const response = await ask({ text: 'Hello #words=50' });
    expect([response.status, healing(response)]).toEqual([200, null]);
    await expect(response.text()).rejects.toThrow();
  });
});

it('kept answers stay within their memory: the one asked for longest ago is forgotten first', async () => {
  await set({ ANSWER_CACHE_MEMORY: '1MiB' });
  const text = (at: number): string => `Hello ${at} #words=2000`;
  for (let at = 0; at < 120; at++) {
    await (await ask({ form: 'gemini', text: text(at) })).text();
    if (at % 10 > 0) continue;
    expect(await seriesOf(stage.node.url, 'l104_shared_answers_memory_bytes')).toBeLessThanOrEqual(1024 * 1024);
  }
  // It was full long ago.
  expect(await seriesOf(stage.node.url, 'l104_shared_answers_memory_bytes')).toBeGreaterThan(900 * 1024);
  broken(OUTAGE);
  expect((await ask({ form: 'gemini', text: text(119) })).status).toBe(200);
  expect((await ask({ form: 'gemini', text: text(0) })).status).toBe(503);
});
