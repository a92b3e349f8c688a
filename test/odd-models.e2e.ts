import { afterEach, expect, it } from 'vitest';
import { parseFaultPlan } from '../src/simulator/index.js';
import { bootNode, setStage, type Stage } from './support/boot.js';
import { type ScriptedUpstream, startScripted } from './support/scripted-upstream.js';

// Names of models come from callers and from the upstream; none of them may do harm.

let stage: Pick<Stage, 'node' | 'log'>;
let upstream: Pick<ScriptedUpstream, 'close'>;
afterEach(async () => {
  await stage.node.drain();
  await upstream.close();
});

async function set(modelVersion: string): Promise<void> {
  const scripted = await startScripted();
  upstream = scripted;
  const candidates = [{ content: { parts: [{ text: 'Hello' }] }, finishReason: 'STOP', index: 0 }];
  const choices = [{ index: 0, delta: { content: 'Hello' }, finish_reason: 'stop' }];
  scripted.script({ events: [{ candidates, choices, modelVersion, model: modelVersion }], then: 'end' });
  stage = await bootNode({ GEMINI_UPSTREAM: 'gemini', GEMINI_BASE_URL: scripted.url });
}

function post(path: string, body: object): Promise<Response> {
  return fetch(stage.node.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer k' },
    body: JSON.stringify(body),
  });
}

const messages = [{ role: 'user', content: 'Hello' }];

it.each([
  ['模型', '??'],
  ['a\r\nx-evil: 1', 'a??x-evil: 1'],
  ['x'.repeat(5000), 'x'.repeat(128)],
])('a caller’s name that no header can hold (%#) is told as far as one can', async (model, told) => {
  await set(model);
  const response = await post('/v1/chat/completions', { model, messages, stream: true });
  expect([response.status, response.headers.get('x-l104-model')]).toEqual([200, told]);
  expect(await response.text()).toContain('Hello');
  expect(response.headers.get('x-evil')).toBeNull();
});

it.each(['/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse', '/api/v6/stream'])(
  'so is one of the upstream’s (%s)',
  async (path) => {
    await set('模型');
    const response = await post(path, { message: 'Hello', contents: [] });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Hello');
    expect((await fetch(`${stage.node.url}/health/live`)).status).toBe(200);
  },
);

it('knows whose embeddings an OpenAI client asks for, and that `models/` in front of a name changes nothing', async () => {
  const { node, log, simulator } = await setStage({ MAX_RETRY_ATTEMPTS: '1' });
  stage = { node, log };
  upstream = simulator;
  const { plan } = parseFaultPlan({ faults: [{ fault: { kind: 'error', quota: 'PerMinute' } }] });
  simulator.faults.set(plan!);
  await post('/v1/embeddings', { model: 'gemini-embedding-001', input: 'Hello' });
  await post('/v1/chat/completions', { model: 'models/gemini-2.5-flash', messages });
  await post('/v1/chat/completions', { model: 'gemini-2.5-flash', messages });
  const metrics = (await (await fetch(`${node.url}/metrics`)).json()) as Record<string, unknown>;
  expect(metrics['model_429_count']).toEqual({ 'gemini-embedding-001': 1, 'gemini-2.5-flash': 2 });
  const { circuits } = (await (await fetch(`${node.url}/self/circuits`)).json()) as { circuits: { name: string }[] };
  const names = circuits.map(({ name }) => name.split('@')[0]);
  expect(names).toEqual(['gemini-2.5-flash', 'gemini-embedding-001']);
});
