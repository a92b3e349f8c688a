import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Stage, setStage } from './support/boot.js';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage({ MAX_CONCURRENT_CALLS: '2', REQUEST_BODY_MEMORY: '1MiB' });
});
afterEach(() => {
  stage.simulator.faults.clear();
});
afterAll(() => stage.close());

function call(path: string, body: string, signal?: AbortSignal): Promise<Response> {
  return fetch(stage.node.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k', authorization: 'Bearer k' },
    body,
    ...(signal === undefined ? {} : { signal }),
  });
}

const NATIVE = '/v1beta/models/gemini-2.5-flash:generateContent';
const HELLO = '{"contents":[{"parts":[{"text":"Hello"}]}]}';

it('refuses calls past the limit at once, in every dialect, and takes calls again when there is room', async () => {
  stage.simulator.faults.preset('slow', 60_000);
  const leaving = new AbortController();
  const held = [call(NATIVE, HELLO, leaving.signal), call(NATIVE, HELLO, leaving.signal)];
  const gone = Promise.allSettled(held);
  await expect.poll(() => stage.simulator.journal.open).toBe(2);
  const native = await call(NATIVE, HELLO);
  expect([native.status, native.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await native.json()).toMatchObject({
    error: { code: 503, status: 'UNAVAILABLE', details: [{ reason: 'OVERLOADED' }, {}, { retryDelay: '1s' }] },
  });
  const openai = await call('/v1/chat/completions', '{"model":"m","messages":[]}');
  expect(await openai.json()).toMatchObject({ error: { type: 'server_error', code: 'OVERLOADED' } });
  const own = await call('/api/v6/stream', '{"message":"Hello"}');
  expect(await own.json()).toMatchObject({ status: 503, code: 'OVERLOADED', retry_after_seconds: 1 });
  // Health answers all the same.
  expect((await fetch(`${stage.node.url}/health/live`)).status).toBe(200);
  leaving.abort();
  await gone;
  stage.simulator.faults.clear();
  await expect.poll(async () => (await call(NATIVE, HELLO)).status).toBe(200);
});

it('refuses a body for which no memory is left, and gives the memory of every body back', async () => {
  const large = JSON.stringify({ contents: [{ parts: [{ text: 'x'.repeat(900_000) }] }] });
  const tooMuch = JSON.stringify({ contents: [{ parts: [{ text: 'x'.repeat(1_200_000) }] }] });
  for (let i = 0; i < 5; i++) expect((await call(NATIVE, large)).status).toBe(200);
  expect((await call(NATIVE, tooMuch)).status).toBe(503);
  expect((await call(NATIVE, large)).status).toBe(200);
  const metrics = await (await fetch(`${stage.node.url}/metrics/prometheus`)).text();
  expect(metrics).toContain('l104_body_memory_bytes 0');
  expect(metrics).toMatch(/l104_calls_refused_total\{reason="body_memory"\} 1/);
});
