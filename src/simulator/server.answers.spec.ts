import { gunzipSync } from 'node:zlib';
import { request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../kernel/clock.js';
import { parseFaultPlan, type RunningSimulator, type SimulatorOptions, startSimulator } from './index.js';

const running: RunningSimulator[] = [];
afterEach(() => Promise.all(running.splice(0).map((simulator) => simulator.close())));

async function start(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const simulator = await startSimulator({ wordDelayMs: 0, ...options });
  running.push(simulator);
  return simulator;
}

interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: {
    error?: { status: string; message: string; details?: { reason?: string; retryDelay?: string }[] };
    [field: string]: unknown;
  };
}

async function post(
  simulator: RunningSimulator,
  path: string,
  body: unknown,
  headers: Record<string, string> = { 'x-goog-api-key': 'k' },
): Promise<Got> {
  const response = await fetch(simulator.url + path, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const json = /^[{[]/.test(text) ? (JSON.parse(text) as Got['json'] | [Got['json']]) : {};
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: Array.isArray(json) ? json[0] : json,
  };
}

const hello = { contents: [{ parts: [{ text: 'hello' }] }] };
const UNARY = '/v1beta/models/gemini-2.5-flash:generateContent';

describe('the wire format', () => {
  it('is Google’s: content types, CRLF, server timing, growing usage', async () => {
    const simulator = await start();
    const sse = await post(simulator, '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse', hello);
    expect(sse.headers.get('content-type')).toBe('text/event-stream');
    expect(sse.headers.get('server-timing')).toMatch(/^gfet4t7; dur=\d+$/);
    const events = sse.text
      .split('\r\n\r\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line.replace(/^data: /, '')) as { usageMetadata: { totalTokenCount: number } });
    const totals = events.map((event) => event.usageMetadata.totalTokenCount);
    expect(totals).toEqual([...totals].sort((a, b) => a - b));
    const array = await post(simulator, '/v1/models/gemini-2.5-flash:streamGenerateContent', hello);
    expect(array.headers.get('content-type')).toBe('application/json; charset=UTF-8');
    expect(array.text).toMatch(/^\[\{.*\},\r\n\{/);
  });

  it('compresses only when asked and switched on', async () => {
    const simulator = await start({ gzip: true });
    const options = {
      method: 'POST' as const,
      headers: { 'x-goog-api-key': 'k', 'accept-encoding': 'gzip' },
      body: JSON.stringify(hello),
    };
    const zipped = await request(simulator.url + UNARY, options);
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(await zipped.body.bytes()).toString()).toContain('[simulated]');
    const plain = await request((await start()).url + UNARY, options);
    expect(plain.headers['content-encoding']).toBeUndefined();
    await plain.body.dump();
  });
});

describe('refusals', () => {
  it('of keys, models, bodies and paths are worded as Google words them', async () => {
    const simulator = await start({ maxBodyBytes: 1_000 });
    expect(await post(simulator, UNARY, hello, {})).toMatchObject({
      status: 403,
      json: { error: { status: 'PERMISSION_DENIED' } },
    });
    const invalid = await post(simulator, `${UNARY}?key=invalid-1`, hello, {});
    expect(invalid).toMatchObject({
      status: 400,
      json: { error: { details: [{ reason: 'API_KEY_INVALID', domain: 'googleapis.com' }, {}] } },
    });
    expect(await post(simulator, UNARY, hello, { authorization: 'Bearer leaked-1' })).toMatchObject({ status: 403 });
    expect(await post(simulator, UNARY, hello, { authorization: 'Bearer ya29.x' })).toMatchObject({ status: 200 });
    const unknown = await post(simulator, '/v1beta/models/nope:generateContent', hello);
    expect(unknown.json.error?.message).toContain(
      'models/nope is not found for API version v1beta, or is not supported for generateContent.',
    );
    expect(await post(simulator, UNARY, '{"contents":')).toMatchObject({
      status: 400,
      json: { error: { status: 'INVALID_ARGUMENT' } },
    });
    const deep = `{"contents":[{"parts":[{"text":"x"}]}],"tools":[{"functionDeclarations":[{"name":"f","parameters":${'{"a":'.repeat(50_000)}1`;
    const tooDeep = await post(await start(), UNARY, `${deep}${'}'.repeat(50_000)}}]}]}`);
    expect(tooDeep).toMatchObject({
      status: 400,
      json: { error: { message: expect.stringContaining('too deep') as string } },
    });
    expect(await post(simulator, UNARY, '[1]')).toMatchObject({ status: 400 });
    expect(await post(simulator, UNARY, { contents: [] })).toMatchObject({ status: 400 });
    expect(await post(simulator, UNARY, 'x'.repeat(2_000))).toMatchObject({
      status: 400,
      json: { error: { message: 'Request payload size exceeds the limit.' } },
    });
    expect(await post(simulator, '/v1beta/models/gemini-2.5-flash:fly', hello)).toMatchObject({
      status: 404,
      text: expect.stringContaining('<!DOCTYPE html>') as string,
    });
    expect(await post(simulator, '/nowhere/%ff', hello)).toMatchObject({ status: 404 });
    expect((await post(simulator, '/v1beta/openai/chat/completions', { messages: [] })).text).toMatch(/^\[/);
  });

  it('of quotas tell the true wait, for projects of several keys and on every surface', async () => {
    const clock = new ManualClock();
    const simulator = await start({ clock, quota: { perMinute: 2 }, projects: { k1: 'p', k2: 'p' } });
    expect((await post(simulator, UNARY, hello, { 'x-goog-api-key': 'k1' })).status).toBe(200);
    expect((await post(simulator, UNARY, hello, { 'x-goog-api-key': 'k2' })).status).toBe(200);
    clock.advance(20_000);
    const chat = { model: 'gemini-2.5-flash', messages: [{ role: 'user', content: 'x' }] };
    const full = await post(simulator, '/v1beta/openai/chat/completions', chat, { authorization: 'Bearer k1' });
    expect(full).toMatchObject({
      status: 429,
      json: { error: { status: 'RESOURCE_EXHAUSTED', details: [{}, {}, { retryDelay: '40s' }] } },
    });
    expect((await post(simulator, UNARY, hello, { 'x-goog-api-key': 'k3' })).status).toBe(200);
    clock.advance(40_000);
    expect((await post(simulator, UNARY, hello, { 'x-goog-api-key': 'k2' })).status).toBe(200);
  });

  it('can be ordered: every status, with and without details, as HTML, with Retry-After', async () => {
    const simulator = await start();
    const ordered = async (fault: object): Promise<Got> => {
      simulator.faults.set(parseFaultPlan({ faults: [{ fault }] }).plan!);
      return post(simulator, UNARY, hello);
    };
    expect(await ordered({ kind: 'error', status: 'UNAVAILABLE' })).toMatchObject({
      status: 503,
      json: { error: { message: 'The model is overloaded. Please try again later.' } },
    });
    expect(await ordered({ kind: 'error', code: 500 })).toMatchObject({
      status: 500,
      json: { error: { status: 'INTERNAL' } },
    });
    expect(await ordered({ kind: 'error', status: 'INTERNAL', code: 502, html: true })).toMatchObject({
      status: 502,
      text: expect.stringContaining('<html') as string,
    });
    const day = await ordered({ kind: 'error', quota: 'PerDay', retryAfter: 7 });
    expect(day.headers.get('retry-after')).toBe('7');
    expect(day.text).toContain('GenerateRequestsPerDayPerProjectPerModel-FreeTier');
    expect(
      (await ordered({ kind: 'error', status: 'RESOURCE_EXHAUSTED', bare: true })).json.error?.details,
    ).toBeUndefined();
    expect(await ordered({ kind: 'error', status: 'UNAVAILABLE', retryDelay: '3s' })).toMatchObject({
      json: { error: { details: [{ retryDelay: '3s' }] } },
    });
    expect(await ordered({ kind: 'capacity' })).toMatchObject({
      status: 429,
      json: { error: { details: [{ reason: 'MODEL_CAPACITY_EXHAUSTED' }] } },
    });
    expect(await ordered({ kind: 'cancelled' })).toMatchObject({
      status: 499,
      json: { error: { status: 'CANCELLED' } },
    });
  });
});

describe('the journal', () => {
  it('keeps hashes, never keys or text, and hands the bytes only to the hook', async () => {
    const bodies: string[] = [];
    const simulator = await start({ journalSize: 2, onRequest: (_, body) => bodies.push(body.toString()) });
    await post(simulator, `${UNARY}?key=topsecretkey&x=1`, hello, { authorization: 'Bearer topsecretkey' });
    const last = simulator.journal.last!;
    expect(JSON.stringify(last)).not.toMatch(/topsecretkey|hello/);
    expect(last).toMatchObject({
      path: expect.stringMatching(/\?key=#[0-9a-f]{8}&x=1$/) as string,
      method: 'generateContent',
      model: 'gemini-2.5-flash',
      status: 200,
      outcome: 'completed',
      eventsSent: 1,
    });
    expect(bodies).toEqual([JSON.stringify(hello)]);
    for (let i = 0; i < 3; i++) await post(simulator, UNARY, hello);
    expect(simulator.journal.records).toHaveLength(2);
    expect(simulator.journal.counts).toMatchObject({ received: 4, completed: 4, byStatus: { 200: 4 } });
    expect(simulator.journal.open).toBe(0);
  });

  it('sees a client leave at once, and the pause between events', async () => {
    const simulator = await start({ wordDelayMs: 20 });
    const abort = new AbortController();
    const path = `${simulator.url}/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse&key=k`;
    const response = await fetch(path, {
      method: 'POST',
      body: JSON.stringify({ contents: [{ parts: [{ text: '#words=5000' }] }] }),
      signal: abort.signal,
    });
    const record = await simulator.journal.waitFor((item) => item.eventsSent >= 3, 2_000);
    expect([response.status, simulator.journal.open]).toEqual([200, 1]);
    abort.abort();
    await simulator.journal.waitFor((item) => item === record && item.outcome === 'client_aborted', 2_000);
    expect(simulator.journal.open).toBe(0);
    await expect(simulator.journal.waitFor(() => false, 10)).rejects.toThrow('no matching request within 10 ms');
  });
});

describe('presets', () => {
  it('end by themselves', async () => {
    const clock = new ManualClock();
    const simulator = await start({ clock });
    simulator.faults.preset('quota', 20_000);
    expect(await post(simulator, UNARY, hello)).toMatchObject({
      status: 429,
      json: { error: { details: [{}, {}, { retryDelay: '20s' }] } },
    });
    expect(simulator.faults.describe()).toMatchObject({
      active: true,
      preset: 'quota',
      faults: [{ kind: 'error', ends_in_ms: 20_000, applied: 1 }],
    });
    clock.advance(20_000);
    expect((await post(simulator, UNARY, hello)).status).toBe(200);
    expect(simulator.faults.describe()).toMatchObject({ active: false, faults: [{ state: 'expired' }] });
  });
});
