import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Stage, setStage } from './support/boot.js';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage({ STREAM_IDLE_TIMEOUT_MS: '300ms' });
});
afterEach(() => {
  stage.simulator.faults.clear();
});
afterAll(() => stage.close());

const ask = (body: unknown, headers: Record<string, string> = {}, path = '/api/v6/stream'): Promise<Response> =>
  fetch(stage.node.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

interface SentEvent {
  event: string;
  data: Record<string, unknown>;
}

function eventsOf(text: string): SentEvent[] {
  return text
    .split('\n\n')
    .filter((block) => block.startsWith('event:'))
    .map((block) => {
      const [event = '', data = ''] = block.split('\n');
      return { event: event.slice(7), data: JSON.parse(data.slice(6)) as Record<string, unknown> };
    });
}

describe('POST /api/v6/stream', () => {
  it('streams deltas and ends with who answered, why it ended and what it cost', async () => {
    const response = await ask({ message: 'Hello #words=40' });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events = eventsOf(await response.text());
    const deltas = events.filter(({ event }) => event === 'delta');
    expect(deltas.length).toBeGreaterThan(3);
    expect(events.at(-1)).toMatchObject({
      event: 'done',
      data: { model: 'gemini-2.5-flash', finish_reason: 'STOP', attempts: 1, healing: [] },
    });
    const object = (await (await ask({ message: 'Hello #words=40' }, { accept: 'application/json' })).json()) as {
      text: string;
    };
    expect(object.text).toBe(deltas.map(({ data }) => data['text']).join(''));
    expect(object).toMatchObject({ finish_reason: 'STOP', usage: { input_tokens: expect.any(Number) as number } });
  });

  it('takes the seed’s shorter words, and its shorter address', async () => {
    expect((await ask({})).status).toBe(200);
    expect((await ask({ signal: 'PING', model_hint: 'gemini-2.5-pro' }, {}, '/api/stream')).status).toBe(200);
    expect(stage.simulator.journal.records.at(-1)?.model).toBe('gemini-2.5-pro');
  });

  it.each([
    ['an empty message', { message: '' }, 'message'],
    ['a message too long', { message: 'x'.repeat(100_001) }, 'message'],
    ['a signal too long', { signal: 'x'.repeat(513) }, 'signal'],
    ['a model that is an address', { model_hint: '../../files' }, 'model_hint'],
    ['a session with a slash', { session_id: 'a/b' }, 'session_id'],
    ['no JSON', '{"message"', 'JSON'],
  ])('refuses %s, naming the field', async (_name, body, field) => {
    const response = await ask(body);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({
      code: 'BAD_REQUEST',
      detail: expect.stringContaining(field) as string,
    });
  });

  it('shows the upstream’s error as a problem when nothing was said yet', async () => {
    stage.simulator.faults.preset('outage', 60_000);
    const response = await ask({ message: 'Hello' });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
  });

  it('ends a stream that stalls with an error event and a broken connection', async () => {
    stage.simulator.faults.preset('stall', 60_000);
    const response = await ask({ message: 'Hello #words=80' });
    let text = '';
    const reading = (async () => {
      for await (const chunk of response.body as ReadableStream<Uint8Array>) text += Buffer.from(chunk).toString();
    })();
    await expect(reading).rejects.toThrow();
    expect(eventsOf(text).at(-1)).toMatchObject({ event: 'error', data: { code: 'STREAM_STALLED' } });
  });

  it('stops the upstream when the client leaves', async () => {
    stage.simulator.faults.preset('slow', 60_000);
    const leaving = new AbortController();
    const asked = fetch(`${stage.node.url}/api/v6/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k' },
      body: '{"message":"Hello, I shall leave"}',
      signal: leaving.signal,
    });
    const gone = expect(asked).rejects.toThrow();
    const before = stage.simulator.journal.records.length;
    await expect.poll(() => stage.simulator.journal.open).toBe(1);
    leaving.abort();
    await gone;
    await expect.poll(() => stage.simulator.journal.records.at(-1)?.outcome).toBe('client_aborted');
    expect(stage.simulator.journal.records.length).toBeLessThanOrEqual(before + 1);
  });

  it('continues a session: what was said is sent again, and a turn is kept only when its answer is whole', async () => {
    const bodies: string[] = [];
    const own = await setStage({}, { onRequest: (_record, body) => bodies.push(body.toString()) });
    const say = (message: string): Promise<Response> =>
      fetch(`${own.node.url}/api/v6/stream`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k', accept: 'application/json' },
        body: JSON.stringify({ message, session_id: 's-1' }),
      });
    const first = (await (await say('One #words=12')).json()) as { text: string };
    own.simulator.faults.preset('cut', 60_000);
    expect((await say('Lost')).ok).toBe(false);
    own.simulator.faults.clear();
    await say('Two');
    const { contents } = JSON.parse(bodies.at(-1)!) as { contents: { role: string; parts: { text: string }[] }[] };
    expect(contents.map(({ role, parts }) => [role, parts[0]!.text])).toEqual([
      ['user', 'One #words=12'],
      ['model', first.text],
      ['user', 'Two'],
    ]);
    await own.close();
  });
});
