import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../src/kernel/clock.js';
import { type Stage, setStage } from './support/boot.js';
import { breakDown, mend, settled, told } from './support/told.js';

/** The time of day at which every story begins. */
const BEGUN = Date.UTC(2026, 10, 28, 21, 4);
const MODEL = 'gemini-2.5-pro';
const OTHER = 'gemini-2.5-flash';
const HASH = '[0-9a-f]{8}';

let clock: ManualClock;
let stage: Stage;
beforeEach(() => {
  clock = new ManualClock(BEGUN);
});
afterEach(() => stage.close());

async function set(env: Record<string, string>): Promise<void> {
  stage = await setStage({ WATCHDOG_INTERVAL: '1h', RETRY_BACKOFF_BASE: '1ms', ...env }, {}, { clock });
  await settled(stage.node.url);
}

async function call(model = MODEL, headers: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(`${stage.node.url}/v1beta/models/${model}:generateContent`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k', ...headers },
    body: '{"contents":[{"parts":[{"text":"Hello"}]}]}',
  });
  await response.arrayBuffer();
  return response;
}

const said = (): ReturnType<typeof told> => told(stage.node.url);
const down = { method: '*enerateContent', fault: { kind: 'error', status: 'UNAVAILABLE' } };

describe('an outage', () => {
  it('that another model answers for is told with it, everywhere in the same words, and remembered when it is over', async () => {
    await set({
      GEMINI_API_KEY: 'good-key-0001',
      GEMINI_FALLBACK_MODELS: `${MODEL}>${OTHER}`,
      CIRCUIT_BREAKER_THRESHOLD: '2',
      CIRCUIT_BREAKER_TIMEOUT: '400s',
    });
    expect(await said()).toMatchObject({ situation: 'idle', summary: 'Healthy and waiting: no requests yet.' });
    breakDown(stage, { ...down, model: MODEL });
    for (let index = 0; index < 3; index++) expect((await call()).headers.get('x-l104-model')).toBe(OTHER);
    const outage = `${MODEL}@${HASH} is failing \\(status 503\\); answers come from ${OTHER}\\.`;
    const calm = 'Nothing for you to do\\.';
    expect(await said()).toMatchObject({
      status: 'degraded',
      situation: 'degraded',
      headline: 'Degraded since 21:04 UTC.',
      summary: expect.stringMatching(
        new RegExp(`^Degraded since 21:04 UTC\\. ${outage} Next try in 400 s\\. ${calm}$`),
      ) as unknown,
    });
    clock.advance(359_000);
    await call();
    const { summary } = await said();
    expect(summary).toMatch(
      new RegExp(`^Degraded since 21:04 UTC \\(5 min\\)\\. ${outage} Next try in 45 s\\. ${calm}$`),
    );
    const elsewhere = await Promise.all([
      fetch(`${stage.node.url}/self/diagnosis`).then((response) => response.json()),
      fetch(stage.node.url).then((response) => response.text()),
      fetch(stage.node.url, { headers: { accept: 'text/html' } }).then((response) => response.text()),
    ]);
    expect(elsewhere[0]).toMatchObject({ summary, situation: 'degraded' });
    expect(elsewhere[1]).toContain(` · ${summary} · `);
    expect(elsewhere[2]).toContain('<strong>Degraded since 21:04 UTC (5 min).</strong>');
    expect(elsewhere[2]).toContain('<title>▲ Degraded · L104 Node</title>');

    mend(stage);
    clock.advance(61_000);
    expect((await call()).headers.get('x-l104-model')).toBe(MODEL);
    expect(await said()).toMatchObject({
      status: 'healthy',
      situation: 'recovered',
      summary: 'Healthy again since 21:11 UTC. Upstream outage lasted 7 min; no request failed.',
    });
    clock.advance(900_000);
    await call();
    expect((await said()).summary).toBe('Healthy. 1 request in the last 5 minutes, all answered.');
  });

  it('that nobody answers for says how many fail, why, and when it is tried again', async () => {
    await set({ GEMINI_API_KEY: 'good-key-0001', MAX_RETRY_ATTEMPTS: '1', CIRCUIT_BREAKER_TIMEOUT: '400s' });
    await call();
    breakDown(stage, down);
    for (let index = 0; index < 5; index++) expect((await call()).status).toBe(503);
    await expect.poll(async () => (await said()).summary).toContain('It can be reached');
    clock.advance(50_000);
    expect(await said()).toMatchObject({
      status: 'unhealthy',
      situation: 'unhealthy',
      summary:
        'Failing since 21:04 UTC: 83 % of requests fail. Cause: Gemini fails: the last 5 attempts ended with status 503. It can be reached: it answers a list of models with status 200. Next try in 350 s.',
    });
    mend(stage);
    clock.advance(350_000);
    for (let index = 0; index < 6; index++) await call();
    expect((await said()).summary).toBe(
      'Healthy again since 21:10 UTC. Upstream outage lasted 6 min 40 s; 5 requests failed.',
    );
  });
});

describe('a quota', () => {
  const spent = {
    method: '*enerateContent',
    fault: { kind: 'error', status: 'RESOURCE_EXHAUSTED', retryDelay: '95s' },
  };

  it('of one key of two leaves the other to serve; of both it says until when', async () => {
    await set({ GEMINI_API_KEY: 'a:good-key-0001,b:good-key-0002', MAX_RETRY_ATTEMPTS: '3' });
    breakDown(stage, { ...spent, times: 1 });
    expect((await call()).status).toBe(200);
    expect(await said()).toMatchObject({
      status: 'degraded',
      situation: 'quota',
      headline: 'Quota used up on 1 of 2 keys.',
      summary: 'Quota used up on 1 of 2 keys. Others serve.',
    });
    breakDown(stage, spent);
    expect((await call()).status).toBe(429);
    expect(await said()).toMatchObject({
      status: 'unhealthy',
      situation: 'quota',
      summary: `Quota used up on 2 of 2 keys. All rest for ${MODEL}: callers get 429 until 21:06 UTC. You can: add a key of another project to GEMINI_API_KEY, or name a fallback model.`,
    });
    mend(stage);
    clock.advance(96_000);
    expect((await call()).status).toBe(200);
    expect((await said()).summary).toMatch(/^Healthy again since 21:05 UTC\. Used-up quota lasted 1 min 36 s; /);
  });
});

describe('a person', () => {
  it('is needed for a key that Gemini refuses, which is told by its hash', async () => {
    await set({ GEMINI_API_KEY: 'invalid-key-0001,good-key-0002' });
    for (let index = 0; index < 2; index++) expect((await call()).status).toBe(200);
    const { situation, status, summary } = await said();
    expect([situation, status]).toEqual(['needs_you', 'degraded']);
    expect(summary).toMatch(
      new RegExp(
        `^The node cannot fix this: Gemini refuses 1 of 2 keys: (${HASH}) \\(API_KEY_INVALID\\)\\. Others serve\\. Do: replace the key in GEMINI_API_KEY whose SHA-256 hash begins with \\1\\.$`,
      ),
    );
    expect(summary).not.toContain('invalid-key');
    const page = await (await fetch(stage.node.url, { headers: { accept: 'text/html' } })).text();
    expect(page).toContain('<title>✖ Needs you · L104 Node</title>');
  });

  it('who has taken a target out is told with the reason, and gives it back', async () => {
    await set({});
    await call();
    const name = ((await (await fetch(`${stage.node.url}/self/circuits`)).json()) as { circuits: { name: string }[] })
      .circuits[0]!.name;
    const hand = (what: string, body: object = {}): Promise<Response> =>
      fetch(`${stage.node.url}/self/circuits/${encodeURIComponent(name)}/${what}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    await hand('isolate', { reason: 'bad answers' });
    clock.advance(60_000);
    expect(await said()).toMatchObject({
      status: 'degraded',
      situation: 'isolated',
      summary: `${name} taken out by an operator at 21:04 UTC: “bad answers”. POST /self/circuits/${name}/release gives it back.`,
    });
    await hand('release');
    expect((await said()).summary).toBe('Healthy. 1 request in the last 5 minutes, all answered.');
  });
});
