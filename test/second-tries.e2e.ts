import { afterEach, describe, expect, it } from 'vitest';
import { parseFaultPlan } from '../src/simulator/index.js';
import { type Stage, setStage } from './support/boot.js';

let stage: Stage;
afterEach(() => stage.close());

const ASKED = 'gemini-2.5-pro';

async function set(env: Record<string, string>, fault: object): Promise<void> {
  stage = await setStage({ RETRY_BACKOFF_BASE: '20ms', ...env });
  const { plan, problems } = parseFaultPlan({ faults: [fault] });
  if (plan === undefined) throw new Error(problems.join('\n'));
  stage.simulator.faults.set(plan);
}

function ask(streamed: boolean, headers: Record<string, string> = {}): Promise<Response> {
  const verb = streamed ? 'streamGenerateContent?alt=sse' : 'generateContent';
  return fetch(`${stage.node.url}/v1beta/models/${ASKED}:${verb}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k', ...headers },
    body: JSON.stringify({ contents: [{ parts: [{ text: 'Hello' }] }] }),
  });
}

const models = (): string[] => stage.simulator.journal.records.map(({ model }) => model);

it('lets a client that brings its key hear of its quota from Gemini itself, every time', async () => {
  await set({ RETRY_WAIT_LIMIT: '1s' }, { times: 1, fault: { kind: 'error', quota: 'PerMinute', retryDelay: '40s' } });
  const refused = await ask(false);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '40']);
  expect((await ask(false)).status).toBe(200);
});

describe('a call in a hurry', () => {
  it('that cannot wait for its key is told of the quota, and when to come back', async () => {
    const used = { kind: 'error', quota: 'PerMinute', retryDelay: '8s' };
    await set({ GEMINI_API_KEY: 'the-only-key', MAX_RETRY_ATTEMPTS: '1' }, { times: 1, fault: used });
    expect((await ask(false)).status).toBe(429);
    const response = await ask(false, { 'x-l104-deadline-ms': '2000' });
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(3);
    expect(await response.json()).toMatchObject({ error: { details: [{ reason: 'QUOTA_EXHAUSTED' }, {}, {}] } });
    expect(models()).toEqual([ASKED]);
  });

  it('that was over before anything could be asked is told so', async () => {
    await set({}, { fault: { kind: 'silence' } });
    const response = await ask(false, { 'x-l104-deadline-ms': '0.0001' });
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ error: { details: [{ reason: 'DEADLINE_EXCEEDED' }, {}] } });
    expect(models()).toEqual([]);
  });
});

describe('a malformed function call', () => {
  it.each([true, false])('is asked for once more (streamed: %s)', async (streamed) => {
    await set({}, { times: 1, fault: { kind: 'malformedFunctionCall' } });
    const response = await ask(streamed);
    expect(response.headers.get('x-l104-healing')).toBe('retry');
    expect(await response.text()).toContain('simulated');
    expect(models()).toEqual([ASKED, ASKED]);
  });

  it.each([true, false])('stands when it comes again (streamed: %s)', async (streamed) => {
    await set({}, { fault: { kind: 'malformedFunctionCall' } });
    const response = await ask(streamed);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('"finishReason":"MALFORMED_FUNCTION_CALL"');
    expect(models()).toEqual([ASKED, ASKED]);
  });

  it('stands at once where no further try is allowed', async () => {
    await set({ MAX_RETRY_ATTEMPTS: '1' }, { fault: { kind: 'malformedFunctionCall' } });
    expect(await (await ask(true)).text()).toContain('"finishReason":"MALFORMED_FUNCTION_CALL"');
    expect(models()).toEqual([ASKED]);
  });
});
