import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MODEL, metric } from './support/asking.js';
import { PLAIN, Resuming, type StreamAsk } from './support/resuming.js';

const CUT = { kind: 'cut', afterEvents: 6 };
/** Models that give tokens to go on from. */
const TOKENS = 'gemini-4-argon';

let on: Resuming;
beforeAll(async () => {
  on = await Resuming.set({ CIRCUIT_BREAKER_THRESHOLD: '1000', GEMINI_FALLBACK_MODELS: `${TOKENS}>gemini-2.5-pro` });
});
afterEach(() => {
  on.clear();
});
afterAll(() => on.stage.close());

/** What the same call says without a fault, and with one break. */
async function bothWays(
  ask: StreamAsk,
  fault: object = CUT,
): Promise<{ text: string; got: Awaited<ReturnType<Resuming['hear']>> }> {
  const text = await on.undisturbed(ask);
  on.fault({ times: 1, fault });
  return { text, got: await on.hear(ask) };
}

describe('the request that goes on', () => {
  it('ends in what was said, and may say that much less', async () => {
    const { text, got } = await bothWays({ more: { generationConfig: { maxOutputTokens: 500, temperature: 0.5 } } });
    expect(got).toMatchObject({ text, broken: false });
    const [first, second] = on.bodies;
    const said = second!.contents.at(-1)!;
    expect(said.role).toBe('model');
    expect(text.startsWith(said.parts[0]!.text)).toBe(true);
    expect(second!.contents.slice(0, -1)).toEqual(first!.contents);
    const { maxOutputTokens, temperature } = second!.generationConfig;
    // The simulator has four characters in a token.
    expect(Math.abs(500 - maxOutputTokens - said.parts[0]!.text.length / 4)).toBeLessThan(4);
    expect(temperature).toBe(0.5);
  });

  it('does so on the OpenAI surface', async () => {
    const { text, got } = await bothWays({ form: 'openai', more: { max_tokens: 500 } });
    expect(got).toMatchObject({ text, broken: false });
    const said = on.bodies[1]!.messages.at(-1)!;
    expect(said.role).toBe('assistant');
    expect(text.startsWith(said.content)).toBe(true);
    expect(Math.abs(500 - on.bodies[1]!.max_tokens - said.content.length / 4)).toBeLessThan(4);
  });

  it('goes on in the turn of the model with which the client’s own ended', async () => {
    const own = [
      { role: 'user', parts: [{ text: 'Hello #words=60' }] },
      { role: 'model', parts: [{ text: '[simulated]' }] },
    ];
    const { text, got } = await bothWays({ more: { contents: own } });
    expect(got).toMatchObject({ text, broken: false });
    expect(on.bodies[1]!.contents).toHaveLength(2);
    expect(on.bodies[1]!.contents[1]!.parts[0]).toEqual({ text: '[simulated]' });
  });

  it.each(PLAIN)('stops where the client’s own was to stop (%s)', async (form) => {
    const whole = await on.undisturbed({ form, text: 'Hello #words=120' });
    const stop = whole
      .slice(Math.floor(whole.length * 0.6))
      .split(' ')
      .slice(1, 4)
      .join(' ');
    const more = form === 'openai' ? { stop: [stop] } : { generationConfig: { stopSequences: [stop] } };
    const { text, got } = await bothWays({ form, text: 'Hello #words=120', more });
    expect(got).toMatchObject({ text, broken: false });
    expect(text.length).toBeLessThan(whole.length);
  });
});

const SCHEMA = {
  type: 'OBJECT',
  properties: Object.fromEntries('abcdefghij'.split('').map((name) => [name, { type: 'STRING' }])),
};
const JSON_ASKS: readonly StreamAsk[] = [
  { more: { generationConfig: { responseMimeType: 'application/json', responseSchema: SCHEMA } } },
  {
    form: 'gemini-array',
    more: { generationConfig: { responseMimeType: 'application/json', responseSchema: SCHEMA } },
  },
  { form: 'openai', more: { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: SCHEMA } } } },
];

describe('an answer that is to be JSON', () => {
  it.each(JSON_ASKS)('still is when it was gone on with', async (ask) => {
    const { text, got } = await bothWays(ask, { kind: 'cut', afterEvents: 3 });
    expect(got).toMatchObject({ text, broken: false });
    expect(typeof JSON.parse(got.text)).toBe('object');
    expect(on.asked).toHaveLength(2);
  });
});

describe.each(PLAIN)('thoughts (%s)', (form) => {
  const ask = { form, text: 'Hello #thoughts #words=80' } as const;

  it('are not repeated, and not given as what was said', async () => {
    on.clear();
    const whole = await on.hear(ask);
    expect(whole.thoughts).not.toBe('');
    const { got, text } = await bothWays(ask, { kind: 'cut', afterEvents: 14 });
    expect(got).toMatchObject({ text, thoughts: whole.thoughts, broken: false });
    expect(on.asked).toHaveLength(2);
    expect(JSON.stringify(on.bodies[1])).not.toContain('Simulated thinking');
  });

  it('alone are no answer yet: the question is asked anew', async () => {
    const { got, text } = await bothWays(ask, { kind: 'cut', afterEvents: 2 });
    expect(got).toMatchObject({ text, broken: false });
    expect(got.marks).toMatchObject([{ resume: 'replay', at: 0 }]);
  });
});

describe('a model that gives tokens to go on from', () => {
  const ask = { model: TOKENS, text: 'Hello #checkpoint=2 #words=100' };

  it('is asked with the last one, and nothing behind it is doubled', async () => {
    const { text, got } = await bothWays(ask, { kind: 'cut', afterEvents: 7 });
    expect(got).toMatchObject({ text, broken: false });
    expect(got.marks).toMatchObject([{ resume: 'continuation', model: TOKENS }]);
    const [first, second] = on.bodies;
    expect(second!.continuationToken).toMatch(/^lt1-/);
    expect(second).toEqual({ ...first, continuationToken: second!.continuationToken });
  });

  it('may break again and again', async () => {
    const text = await on.undisturbed(ask);
    on.fault({ times: 3, fault: { kind: 'cut', afterEvents: 7 } });
    expect(await on.hear(ask)).toMatchObject({ text, broken: false });
    const tokens = on.bodies.slice(1).map((body) => body.continuationToken);
    expect(new Set(tokens).size).toBe(3);
  });

  it('is asked anew where it does not take its token any more', async () => {
    const text = await on.undisturbed(ask);
    const refused = { kind: 'error', status: 'INVALID_ARGUMENT', message: 'The continuation token is invalid.' };
    on.fault({ times: 1, fault: { kind: 'cut', afterEvents: 7 } }, { skip: 1, times: 1, fault: refused });
    expect(await on.hear(ask)).toMatchObject({ text, broken: false, marks: [{ resume: 'replay' }] });
  });

  it('gives no token to the fallback', async () => {
    const text = await on.undisturbed(ask);
    on.fault(
      { times: 1, fault: { kind: 'cut', afterEvents: 7 } },
      { model: TOKENS, skip: 1, fault: { kind: 'error', status: 'UNAVAILABLE' } },
    );
    const got = await on.hear(ask);
    expect(got).toMatchObject({ text, broken: false, marks: [{ resume: 'prefill', model: 'gemini-2.5-pro' }] });
    expect(on.bodies.at(-1)).not.toHaveProperty('continuationToken');
    const joined = got.events.slice(got.events.findIndex((event) => 'l104' in event));
    expect(JSON.stringify(joined)).not.toContain('continuationToken');
  });

  it('has a hop that broke gone on with, and its end is the hop’s end', async () => {
    const hop = { model: TOKENS, text: 'Hello #hop=60 #checkpoint=2 #words=200' };
    const { text, got } = await bothWays(hop, { kind: 'cut', afterEvents: 7 });
    expect(got).toMatchObject({ broken: false, finish: 'CONTINUATION' });
    expect(got.text.startsWith(text)).toBe(true);
    expect(got.events.at(-1)!.candidates![0]!.continuationToken).toMatch(/^lt1-/);
  });
});

describe('what is told', () => {
  it('the log has one line without a word of the text, and the call counts as rescued', async () => {
    on.stage.log.length = 0;
    const before = await metric(on.stage.node.url, 'l104_retried_calls_total{result="success"}');
    const { text } = await bothWays({});
    const lines = on.stage.log.filter(({ event }) => event === 'stream_resumed');
    expect(lines).toMatchObject([{ level: 'info', kind: 'prefill', model: MODEL, attempts: 2 }]);
    expect(lines[0]!['characters']).toBeGreaterThan(50);
    expect(JSON.stringify(on.stage.log)).not.toContain(text.slice(15, 40));
    expect(on.stage.log.filter(({ event }) => event === 'retry_success')).toHaveLength(1);
    expect(await metric(on.stage.node.url, 'l104_retried_calls_total{result="success"}')).toBe(before + 1);
  });

  it('/api/v6/stream sends an event, and says it again at the end', async () => {
    const { got } = await bothWays({ form: 'answer' });
    const healing = got.events.filter(({ event }) => event === 'healing');
    expect(healing).toEqual([{ event: 'healing', kind: 'resume', detail: `prefill by ${MODEL}` }]);
    expect(got.events.at(-1)).toMatchObject({ event: 'done', attempts: 2, healing: ['resume'] });
    const { got: object } = await bothWays({ form: 'object' });
    expect(object.events[0]).toMatchObject({ attempts: 2, healing: ['resume'] });
  });

  it('/api/v6/stream tells what was needed before the first word', async () => {
    on.fault({ times: 1, fault: { kind: 'error', status: 'UNAVAILABLE' } }, { skip: 1, times: 1, fault: CUT });
    const got = await on.hear({ form: 'answer' });
    const healing = got.events.filter(({ event }) => event === 'healing');
    expect(healing.map(({ kind }) => kind)).toEqual(['retry', 'resume']);
    expect(got.events[0]).toEqual({ event: 'healing', kind: 'retry', detail: 'attempt 2' });
    expect(got.events.at(-1)).toMatchObject({ attempts: 3, healing: ['retry', 'resume'] });
  });

  it('/api/v6/stream answers after a long silence', async () => {
    const slow = await Resuming.set({ SSE_HEARTBEAT_INTERVAL: '1s' });
    slow.fault({ fault: { kind: 'firstTokenDelay', ms: 1600 } });
    const got = await slow.hear({ form: 'answer' });
    await slow.stage.close();
    expect(got).toMatchObject({ status: 200, broken: false, finish: 'STOP' });
  });
});
