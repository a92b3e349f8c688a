import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../src/platform/logging.js';
import { parseFaultPlan } from '../src/simulator/index.js';
import { bootNode, type Stage, setStage } from './support/boot.js';

const ASKED = 'gemini-2.5-pro';
const FALLBACK = 'gemini-2.5-flash';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage({ GEMINI_FALLBACK_MODELS: `${ASKED}>${FALLBACK}`, RETRY_BACKOFF_BASE: '10ms' });
});
afterAll(() => stage.close());
beforeEach(() => {
  stage.simulator.faults.clear();
  stage.log.length = 0;
});

const lines = (): Record<string, unknown>[] => stage.log.filter(({ event }) => event === 'request_finished');

/** The one line of the one request that was made. */
async function line(): Promise<Record<string, unknown>> {
  for (let i = 0; i < 100 && lines().length === 0; i++) await sleep(10);
  expect(lines()).toHaveLength(1);
  return lines()[0]!;
}

function ask(path: string, body: unknown, init: RequestInit = {}): Promise<Response> {
  return fetch(stage.node.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k', 'x-request-id': 'mine' },
    body: JSON.stringify(body),
    ...init,
  });
}

function breakUpstream(...faults: object[]): void {
  const { plan, problems } = parseFaultPlan({ faults });
  if (plan === undefined) throw new Error(problems.join('\n'));
  stage.simulator.faults.set(plan);
}

const HELLO = { contents: [{ parts: [{ text: 'Hello' }] }] };
const generate = `/v1beta/models/${ASKED}:generateContent`;
const stream = `/v1beta/models/${ASKED}:streamGenerateContent?alt=sse`;

describe('each request has one line', () => {
  it('with who answered, what it took and what it cost', async () => {
    const answer = (await (await ask(stream, HELLO)).text())
      .trim()
      .split(/\r?\n\r?\n/)
      .at(-1)!
      .slice(6);
    const { usageMetadata } = JSON.parse(answer) as { usageMetadata: Record<string, number> };
    expect(await line()).toMatchObject({
      level: 'info',
      request_id: 'mine',
      route: 'gemini',
      method: 'POST',
      status: 200,
      operation: 'generate_content',
      model_asked: ASKED,
      model: ASKED,
      streamed: true,
      attempts: 1,
      finish_reason: 'STOP',
      tokens_input: usageMetadata['promptTokenCount'],
      tokens_output: usageMetadata['candidatesTokenCount'],
    });
    const { client, key, trace_id: trace, first_token_ms: first, duration_ms: took } = await line();
    expect(client).toMatch(/^[0-9a-f]{8}$/);
    expect(key).toMatch(/^client-[0-9a-f]{8}$/);
    expect(trace).toMatch(/^[0-9a-f]{32}$/);
    expect(Number(took)).toBeGreaterThanOrEqual(Number(first));
  });

  it('with what healing did', async () => {
    breakUpstream({ model: ASKED, fault: { kind: 'error', status: 'UNAVAILABLE' } });
    await (await ask('/v1/chat/completions', { model: ASKED, messages: [{ role: 'user', content: 'Hi' }] })).text();
    const { attempts, healing } = await line();
    expect(await line()).toMatchObject({ route: 'openai', operation: 'chat', model_asked: ASKED, model: FALLBACK });
    expect(Number(attempts)).toBeGreaterThan(1);
    expect(healing).toContain('failover');
  });

  it('with the tokens of all attempts where a stream was gone on with', async () => {
    breakUpstream({ times: 1, fault: { kind: 'cut', afterEvents: 3 } });
    await (await ask(stream, HELLO)).text();
    expect(await line()).toMatchObject({ status: 200, attempts: 2, healing: ['resume'] });
  });

  it('when it fails', async () => {
    await (await ask('/v1beta/models/no-such-model:generateContent', HELLO)).text();
    expect(await line()).toMatchObject({ status: 404, model_asked: 'no-such-model', attempts: 1 });
  });

  it('when its stream breaks', async () => {
    breakUpstream({ fault: { kind: 'cut', afterEvents: 2 } });
    await (
      await ask(stream, HELLO, { headers: { 'x-goog-api-key': 'k', 'x-l104-resume': 'off' } })
    )
      .text()
      .catch(() => '');
    expect(await line()).toMatchObject({ status: 200, broken: true, 'error.type': 'STREAM_INCOMPLETE' });
  });

  it('when the client leaves', async () => {
    breakUpstream({ fault: { kind: 'silence' } });
    const leaving = new AbortController();
    const left = ask(generate, HELLO, { signal: leaving.signal }).catch(() => undefined);
    await stage.simulator.journal.waitFor(({ outcome }) => outcome === undefined, 5000);
    leaving.abort();
    await left;
    expect(await line()).toMatchObject({ status: 499, attempts: 1 });
  });

  it('when it passes through', async () => {
    await (await fetch(`${stage.node.url}/v1beta/models`, { headers: { 'x-goog-api-key': 'k' } })).text();
    expect(await line()).toMatchObject({ route: 'gemini', method: 'GET', status: 200 });
    expect(await line()).not.toHaveProperty('operation');
  });

  it('on the own endpoint, once', async () => {
    await (await ask('/api/v6/stream', { message: 'Hello', model_hint: ASKED })).text();
    const found = await line();
    expect(found).toMatchObject({ route: 'answer', status: 200, model_asked: ASKED, model: ASKED, streamed: true });
    expect(Number(found['tokens_output'])).toBeGreaterThan(0);
    expect(found['client']).toMatch(/^[0-9a-f]{8}$/);
  });

  it('in the memory', async () => {
    await (await ask('/memory', { key: 'a', value: 'b' })).text();
    expect(await line()).toMatchObject({ route: 'memory', method: 'POST', status: 200 });
    expect(await line()).not.toHaveProperty('attempts');
  });
});

describe('requests that never reach their route have one too', () => {
  it('where their body is none', async () => {
    await (await ask('/memory', undefined, { body: '{' })).text();
    expect(await line()).toMatchObject({ route: 'memory', status: 400, 'error.type': 'BAD_REQUEST' });
  });

  it('where nobody knows their key', async () => {
    const { node, log } = await bootNode({ CLIENT_API_KEYS: 'a-client-key', GEMINI_UPSTREAM: 'simulator' });
    await fetch(`${node.url}/memory`);
    await node.drain();
    const found = log.filter(({ event }) => event === 'request_finished');
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ route: 'memory', status: 401, 'error.type': 'UNAUTHENTICATED' });
  });
});

it('probes, scrapes and admin calls have none', async () => {
  for (const path of ['/health', '/health/live', '/metrics', '/self/circuits']) await fetch(stage.node.url + path);
  await (await ask('/memory', { key: 'a', value: 'b' })).text();
  expect(await line()).toMatchObject({ route: 'memory' });
});

it('has no line where the setting says so', async () => {
  const { node, log } = await bootNode({ ACCESS_LOG: 'false', GEMINI_UPSTREAM: 'simulator' });
  await fetch(`${node.url}/v1beta/models`);
  await node.drain();
  expect(log.filter(({ event }) => event === 'request_finished')).toEqual([]);
});

it.each([
  ['ecs', { 'event.action': 'request_finished', 'http.response.status_code': 200, 'event.duration': 1_500_000 }],
  ['gcp', { event: 'request_finished', httpRequest: { requestMethod: 'GET', status: 200, latency: '0.001500s' } }],
] as const)('is written as %s wants it', (format, expected) => {
  const written: string[] = [];
  const log = createLog('info', format, { write: (text: string) => written.push(text) });
  log.info({ event: 'request_finished', route: 'gemini', method: 'GET', status: 200, duration_ms: 1.5 }, 'text');
  expect(JSON.parse(written[0]!)).toMatchObject(expected);
});
