import { setTimeout as passed } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { HEARTBEAT } from '../src/gemini/domain/heartbeat.js';
import { parseFaultPlan, type SimulatorOptions } from '../src/simulator/index.js';
import { ask as askNode, healing, metric as seriesOf } from './support/asking.js';
import { type Stage, setStage } from './support/boot.js';

const STREAMS = ['gemini-sse', 'gemini-array', 'openai-sse'] as const;
type StreamForm = (typeof STREAMS)[number];

const BEATING = { STREAM_HEARTBEAT_INTERVAL: '50ms', STREAM_EARLY_HEAD: '300ms', RETRY_BACKOFF_BASE: '20ms' };
const TEXT = 'Tell me a story #words=60';

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

async function set(env: Record<string, string> = {}, options: SimulatorOptions = {}): Promise<Stage> {
  stage = await setStage({ ...BEATING, ...env }, { sameTextForAllModels: true, ...options });
  return stage;
}

function strike({ simulator }: Stage, ...faults: object[]): void {
  const { plan, problems } = parseFaultPlan({ faults });
  if (plan === undefined) throw new Error(problems.join('\n'));
  simulator.faults.set(plan);
}

interface Read {
  readonly text: string;
  /** The events that are no heartbeat. */
  readonly events: Record<string, unknown>[];
  readonly beats: number;
  /** What stands behind the last heartbeat. */
  readonly tail: string;
  readonly raw: string;
  readonly broken: boolean;
}

/** Reads a stream as strictly as its form allows, whole or broken. */
async function read(response: Response, form: StreamForm): Promise<Read> {
  let raw = '';
  let broken = false;
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body!) raw += decoder.decode(chunk as Uint8Array, { stream: true });
  } catch {
    broken = true;
  }
  // The first one opens the array.
  const mark = HEARTBEAT[form].slice(form === 'gemini-array' ? 3 : 0);
  const pieces = raw.split(mark);
  const events = broken
    ? []
    : eventsOf(raw, form).filter((event) => JSON.stringify(event) !== mark.trim().slice(form === 'gemini-sse' ? 6 : 0));
  return { text: textOf(events), events, beats: pieces.length - 1, tail: pieces.at(-1) ?? '', raw, broken };
}

function eventsOf(raw: string, form: StreamForm): Record<string, unknown>[] {
  if (form === 'gemini-array') return JSON.parse(raw) as Record<string, unknown>[];
  const blocks = raw.split(/\r?\n\r?\n/).filter((block) => block !== '' && !block.startsWith(':'));
  return blocks
    .map((block) => block.replace(/^data: /, ''))
    .filter((data) => data !== '[DONE]')
    .map((data) => JSON.parse(data) as Record<string, unknown>);
}

interface Spoken {
  readonly candidates?: { readonly content?: { readonly parts?: { readonly text?: string }[] } }[];
  readonly choices?: { readonly delta?: { readonly content?: string } }[];
}

function textOf(events: readonly Spoken[]): string {
  return events
    .map(({ candidates, choices }) => {
      const parts = candidates?.[0]?.content?.parts ?? [];
      return parts.map(({ text = '' }) => text).join('') + (choices?.[0]?.delta?.content ?? '');
    })
    .join('');
}

async function plainText({ simulator }: Stage, form: StreamForm): Promise<string> {
  simulator.faults.clear();
  const path = form === 'openai-sse' ? '/v1beta/openai/chat/completions' : undefined;
  const { url } = simulator;
  if (path === undefined) return (await read(await askNode(url, { form, text: TEXT }), form)).text;
  const body = { model: 'gemini-2.5-flash', messages: [{ role: 'user', content: TEXT }], stream: true };
  const headers = { 'content-type': 'application/json', authorization: 'Bearer k' };
  return (await read(await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) }), form)).text;
}

const ask = ({ node }: Stage, form: StreamForm, headers = {}): Promise<Response> =>
  askNode(node.url, { form, text: TEXT, headers });

describe.each(STREAMS)('%s', (form) => {
  it('is kept alive while nothing is said, and then is the exact answer', async () => {
    const here = await set();
    const expected = await plainText(here, form);
    strike(here, { fault: { kind: 'firstTokenDelay', ms: 1500 } });
    const began = performance.now();
    const response = await ask(here, form);
    expect(performance.now() - began).toBeLessThan(1400);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain(form === 'gemini-array' ? 'json' : 'event-stream');
    expect(response.headers.get('x-l104-model')).toBeNull();
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    const { text, beats, events, broken } = await read(response, form);
    expect({ text, broken }).toEqual({ text: expected, broken: false });
    expect(beats).toBeGreaterThan(5);
    expect(events[0]?.['l104']).toEqual({ model: 'gemini-2.5-flash', attempts: 1, healing: [] });
    expect(events.slice(1).filter((event) => 'l104' in event)).toEqual([]);
  });

  it('hides a retry behind an early head, and tells of it in the first event', async () => {
    const here = await set();
    const expected = await plainText(here, form);
    strike(
      here,
      { times: 1, fault: { kind: 'latency', ms: 800 } },
      { times: 1, fault: { kind: 'error', status: 'UNAVAILABLE' } },
    );
    const response = await ask(here, form);
    expect(healing(response)).toBeNull();
    const { text, events, broken } = await read(response, form);
    expect({ text, broken }).toEqual({ text: expected, broken: false });
    expect(events[0]?.['l104']).toEqual({ model: 'gemini-2.5-flash', attempts: 2, healing: ['retry'] });
    expect(await seriesOf(here.node.url, 'l104_retried_calls_total{result="success"}')).toBe(1);
  });

  it('tells a failure behind an early head in-band, and breaks the connection', async () => {
    const here = await set({ MAX_RETRY_ATTEMPTS: '2' });
    strike(here, { fault: { kind: 'latency', ms: 600 } }, { fault: { kind: 'error', status: 'UNAVAILABLE' } });
    const response = await ask(here, form);
    expect(response.status).toBe(200);
    const { tail, broken, beats } = await read(response, form);
    expect(broken).toBe(true);
    expect(beats).toBeGreaterThan(0);
    expect(tail).toContain('"error":{');
    expect(here.simulator.journal.counts.received).toBe(2);
    const surface = form === 'openai-sse' ? 'openai' : 'gemini';
    await expect.poll(() => seriesOf(here.node.url, `l104_requests_total{route="${surface}",status="broken"}`)).toBe(1);
  });

  it('is kept alive through a pause and while a stalled answer is gone on with, and not behind its end', async () => {
    const here = await set({
      STREAM_IDLE_TIMEOUT_MS: '600ms',
      STREAM_END_GRACE_MS: '500ms',
      GEMINI_FALLBACK_MODELS: '*>gemini-2.5-pro',
    });
    const expected = await plainText(here, form);
    strike(
      here,
      { times: 1, fault: { kind: 'stall', afterEvents: 20 } },
      { skip: 1, times: 1, fault: { kind: 'latency', ms: 500 } },
      { fault: { kind: 'noTerminator' } },
    );
    const { text, beats, tail, broken, raw } = await read(await ask(here, form), form);
    expect({ text, broken }).toEqual({ text: expected, broken: false });
    expect(beats).toBeGreaterThan(6);
    expect(raw).toContain('"resume"');
    if (form !== 'openai-sse') expect(tail).toContain('"finishReason":"STOP"');
  });

  it('gets no heartbeat while its events come in time', async () => {
    const here = await set({ STREAM_HEARTBEAT_INTERVAL: '2s', STREAM_EARLY_HEAD: '10s' });
    const expected = await plainText(here, form);
    strike(here, { fault: { kind: 'slow', perEventMs: 400 } });
    const began = performance.now();
    const { text, beats } = await read(await ask(here, form), form);
    // Longer than the time of one.
    expect(performance.now() - began).toBeGreaterThan(2500);
    expect({ text, beats }).toEqual({ text: expected, beats: 0 });
  });

  it('reaches all who share it, each with heartbeats of its own', async () => {
    const here = await set({ COALESCE_ENABLED: 'true' });
    const expected = await plainText(here, form);
    const before = here.simulator.journal.counts.received;
    strike(here, { fault: { kind: 'firstTokenDelay', ms: 2000 } });
    const first = ask(here, form);
    await passed(600);
    const both = await Promise.all([first, ask(here, form)]);
    for (const response of both) {
      const { text, beats, events } = await read(response, form);
      expect(text).toBe(expected);
      expect(beats).toBeGreaterThan(3);
      expect(events[0]).toHaveProperty('l104.attempts', 1);
    }
    expect(here.simulator.journal.counts.received - before).toBe(1);
  });

  it('is not touched where nothing pauses', async () => {
    const here = await set({ STREAM_HEARTBEAT_INTERVAL: '5s', STREAM_EARLY_HEAD: '5s' });
    const response = await ask(here, form);
    expect(response.headers.get('x-l104-model')).toBe('gemini-2.5-flash');
    const { beats, raw } = await read(response, form);
    expect(beats).toBe(0);
    expect(raw).not.toContain('l104');
  });
});

it('/api/v6/stream goes on behind its own heartbeats', async () => {
  const here = await set({ SSE_HEARTBEAT_INTERVAL: '1s' });
  strike(here, { fault: { kind: 'latency', ms: 2500 } });
  const headers = { 'content-type': 'application/json', 'x-goog-api-key': 'k' };
  const body = JSON.stringify({ message: TEXT });
  const response = await fetch(`${here.node.url}/api/v6/stream`, { method: 'POST', headers, body });
  const raw = await response.text();
  expect(raw.split(': still working\n\n').length - 1).toBe(2);
  expect(raw).toContain('event: done');
});
