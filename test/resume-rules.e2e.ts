import { afterEach, describe, expect, it } from 'vitest';
import { parseFaultPlan, type RequestRecord } from '../src/simulator/index.js';
import { type Stage, setStage } from './support/boot.js';
import { type Answer, ask as askNode, type Asked, type Form } from './support/streamed-answer.js';

let stage: Stage;
afterEach(() => stage.close());

interface Body {
  readonly contents?: { role: string; parts: { text: string }[] }[];
  readonly messages?: { role: string; content: string }[];
  readonly generationConfig?: { maxOutputTokens?: number };
  readonly max_tokens?: number;
  readonly continuationToken?: string;
}

/** Bodies as they reached the upstream. */
let bodies: Body[];

async function set(env: Record<string, string> = {}): Promise<void> {
  bodies = [];
  const quick = { RETRY_BACKOFF_BASE: '10ms', STREAM_IDLE_TIMEOUT_MS: '1s', RETRY_BUDGET_FLOOR: '1000', ...env };
  stage = await setStage(quick, {
    sameTextForAllModels: true,
    onRequest: (_record, body) => {
      if (body.length > 0) bodies.push(JSON.parse(body.toString()) as Body);
    },
  });
}

function broken(fault: object, often: 'once' | 'always' = 'once'): void {
  const rule = { method: '*enerateContent', fault, ...(often === 'once' ? { times: 1 } : {}) };
  const { plan, problems } = parseFaultPlan({ faults: [rule] });
  if (plan === undefined) throw new Error(problems.join('\n'));
  stage.simulator.faults.set(plan);
}

const cut = (afterEvents: number): object => ({ kind: 'cut', afterEvents });
const ask = (form: Form, asked?: Asked): Promise<Answer> => askNode(stage.node.url, form, asked);
const calls = (): RequestRecord[] => stage.simulator.journal.records.filter(({ model }) => model !== '');

/** The undisturbed answer, and the one whose first stream is cut. */
async function both(form: Form, asked: Asked, afterEvents = 5): Promise<[whole: Answer, joined: Answer]> {
  await set();
  const whole = await ask(form, asked);
  bodies.length = 0;
  broken(cut(afterEvents));
  return [whole, await ask(form, asked)];
}

describe('what is asked for going on', () => {
  it('is the partial answer as the last turn of the model, and as much less as it has said', async () => {
    const config = { generationConfig: { maxOutputTokens: 500 } };
    const [whole, joined] = await both('sse', { more: config });
    expect(joined).toMatchObject({ text: whole.text, failed: false });
    const [first, second] = bodies;
    expect(second?.contents?.map(({ role }) => role)).toEqual(['user', 'model']);
    expect(whole.text.startsWith(second?.contents?.[1]?.parts[0]?.text ?? '?')).toBe(true);
    expect(first?.generationConfig?.maxOutputTokens).toBe(500);
    expect(second?.generationConfig?.maxOutputTokens).toBeLessThan(500);
    expect(second?.generationConfig?.maxOutputTokens).toBeGreaterThan(400);
  });

  it('is the same in OpenAI’s dialect', async () => {
    const [whole, joined] = await both('openai', { more: { max_tokens: 500 } });
    expect(joined).toMatchObject({ text: whole.text, failed: false });
    const [, second] = bodies;
    expect(second?.messages?.at(-1)?.role).toBe('assistant');
    expect(whole.text.startsWith(second?.messages?.at(-1)?.content ?? '?')).toBe(true);
    expect(second?.max_tokens).toBeLessThan(500);
  });

  it('goes on with a turn of the model that the request itself ends in', async () => {
    const turns = [
      { role: 'user', parts: [{ text: 'Tell me #words=60' }] },
      { role: 'model', parts: [{ text: 'Once upon a time' }] },
    ];
    const [whole, joined] = await both('sse', { more: { contents: turns } });
    // How long a foreign beginning is gone on with, the simulator decides anew each time.
    expect([whole.text.startsWith(joined.text), joined.failed]).toEqual([true, false]);
    const [, second] = bodies;
    expect(second?.contents).toHaveLength(2);
    expect(second?.contents?.[1]?.parts[0]?.text).toBe('Once upon a time');
  });

  it('holds no thoughts, and does not repeat them', async () => {
    const thinking = { generationConfig: { thinkingConfig: { includeThoughts: true } } };
    const [whole, joined] = await both('sse', { prompt: 'Tell me #words=60 #thoughts', more: thinking }, 8);
    expect(joined).toMatchObject({ text: whole.text, failed: false });
    const thoughts = (answer: Answer): number => JSON.stringify(answer.events).split('"thought":true').length;
    expect(thoughts(joined)).toBeLessThanOrEqual(thoughts(whole));
    expect(whole.text.startsWith(bodies[1]?.contents?.[1]?.parts[0]?.text ?? '')).toBe(true);
    expect(JSON.stringify(bodies[1])).not.toContain('"thought"');
  });

  it('is the token the upstream gave, where it gave one', async () => {
    const asked = { model: 'gemini-4-argon', prompt: 'Tell me #words=80 #checkpoint=3' };
    const [whole, joined] = await both('sse', asked, 8);
    expect(joined).toMatchObject({ text: whole.text, failed: false });
    expect(bodies[1]?.continuationToken).toBeTypeOf('string');
    expect(bodies[1]?.contents).toHaveLength(1);
  });
});

describe.each(['exact', 'trimming', 'overlapping', 'preamble', 'restarting'])('a model that goes on %s', (style) => {
  it.each(['sse', 'openai'] as const)('gives the exact answer or an error (%s)', async (form) => {
    const [whole, joined] = await both(form, { prompt: `Tell me #words=90 #prefill=${style}` }, 9);
    if (style !== 'preamble') expect(joined.failed).toBe(false);
    if (!joined.failed) expect(joined.text).toBe(whole.text);
    else expect(whole.text.startsWith(joined.text)).toBe(true);
  });
});

describe('never', () => {
  it('joins an answer that has nothing to do with the first part', async () => {
    await set();
    const prompt = 'Tell me #words=60 #prefill=unrelated';
    const whole = await ask('sse', { prompt });
    broken(cut(5), 'always');
    const joined = await ask('sse', { prompt });
    expect(joined.failed).toBe(true);
    expect(whole.text.startsWith(joined.text)).toBe(true);
  });

  it.each(['sse', 'openai'] as const)('goes on behind a call of a function (%s)', async (form) => {
    await set();
    const declared = { name: 'look', parameters: { type: 'object', properties: { city: { type: 'string' } } } };
    const tools =
      form === 'openai' ? [{ type: 'function', function: declared }] : [{ functionDeclarations: [declared] }];
    const asked = { prompt: 'Look #call', more: { tools } };
    const { events } = await ask(form, asked);
    const first = events.findIndex((event) => /functionCall|tool_calls/.test(JSON.stringify(event)));
    expect(first).toBeGreaterThanOrEqual(0);
    const before = calls().length;
    broken({ kind: 'missingFinish' }, 'always');
    expect((await ask(form, asked)).failed).toBe(true);
    expect(calls().length - before).toBe(1);
  });

  it('goes around a stop for safety', async () => {
    await set();
    const answer = await ask('sse', { prompt: 'Tell me #words=60 #safety' });
    expect(JSON.stringify(answer.events.at(-1))).toContain('SAFETY');
    expect(calls()).toHaveLength(1);
  });

  it('goes on for a client that has left', async () => {
    await set();
    broken({ kind: 'stall', afterEvents: 4 }, 'always');
    const leaving = new AbortController();
    const response = await fetch(`${stage.node.url}/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k' },
      body: JSON.stringify({ contents: [{ parts: [{ text: 'Tell me #words=60' }] }] }),
      signal: leaving.signal,
    });
    await response.body?.getReader().read();
    await expect.poll(() => calls().length, { timeout: 5000 }).toBe(2);
    leaving.abort();
    await expect.poll(() => stage.simulator.journal.open).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(calls()).toHaveLength(2);
  });

  it('passes joined text for JSON that is none', async () => {
    await set();
    const json = { generationConfig: { responseMimeType: 'application/json' } };
    const whole = await ask('sse', { more: json });
    expect(() => JSON.parse(whole.text) as unknown).not.toThrow();
    broken(cut(1));
    const joined = await ask('sse', { more: json });
    if (!joined.failed) expect(JSON.parse(joined.text)).toEqual(JSON.parse(whole.text));
  });
});

describe('the endpoint of the node', () => {
  const own = (accept: string): Promise<Response> =>
    fetch(`${stage.node.url}/api/v6/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k', accept },
      body: JSON.stringify({ message: 'Tell me #words=60', model_hint: 'gemini-2.5-flash' }),
    });

  it('tells what was needed, event by event, and gives the whole answer', async () => {
    await set();
    const whole = (await (await own('application/json')).json()) as { text: string };
    broken(cut(5));
    const events = (await (await own('text/event-stream')).text())
      .split('\n\n')
      .map((event) => /^event: (\w+)\ndata: (.*)$/.exec(event))
      .flatMap((found) =>
        found === null ? [] : [[found[1], JSON.parse(found[2] ?? '')] as [string, Record<string, unknown>]],
      );
    const text = events.map(([name, data]) => (name === 'delta' ? String(data['text']) : '')).join('');
    expect(text).toBe(whole.text);
    expect(events.find(([name]) => name === 'healing')?.[1]).toEqual({
      kind: 'resume',
      detail: 'prefill by gemini-2.5-flash',
    });
    expect(events.at(-1)).toMatchObject(['done', { attempts: 2, healing: ['resume'], finish_reason: 'STOP' }]);
  });

  it('says so in its one object too', async () => {
    await set();
    const whole = (await (await own('application/json')).json()) as { text: string };
    broken({ kind: 'error', status: 'UNAVAILABLE' });
    expect(await (await own('application/json')).json()).toMatchObject({ text: whole.text, healing: ['retry'] });
    broken(cut(5));
    const joined = await (await own('application/json')).json();
    expect(joined).toMatchObject({ text: whole.text, attempts: 2, healing: ['resume'] });
  });
});
