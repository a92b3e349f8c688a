import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { metric } from './support/asking.js';
import { Resuming, type StreamAsk } from './support/resuming.js';

/** A model that gives long answers in parts, each with a token for the next. */
const TOKENS = 'gemini-4-argon';
const WHOLE: StreamAsk = { model: TOKENS, text: 'Hello #words=90' };
const IN_PARTS: StreamAsk = { model: TOKENS, text: 'Hello #words=90 #hop=30' };

let on: Resuming;
beforeAll(async () => {
  on = await Resuming.set({ DEFAULT_MODEL_FALLBACKS: '' });
});
afterEach(() => {
  on.clear();
});
afterAll(() => on.stage.close());

const words = (text: string): number => text.trim().split(/\s+/).length;

it.each(['answer', 'object'] as const)(
  'an answer in parts comes whole to a client that has no token (%s)',
  async (form) => {
    const whole = words(await on.undisturbed({ ...WHOLE, form }));
    const got = await on.hear({ ...IN_PARTS, form });
    expect(got).toMatchObject({ broken: false, finish: 'STOP', error: undefined });
    expect(words(got.text)).toBe(whole);
    expect(on.asked.length).toBeGreaterThan(2);
    const tokens = on.bodies.map(({ continuationToken }) => continuationToken);
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(await metric(on.stage.node.url, 'l104_resumed_streams_total{kind="continuation",result="failed"}')).toBe(0);
  },
);

it('a part that is cut is gone on with, and so are the parts behind it', async () => {
  const { text } = await on.hear({ ...IN_PARTS, form: 'answer' });
  on.clear();
  on.fault({ skip: 1, times: 1, fault: { kind: 'cut', afterEvents: 4 } });
  expect(await on.hear({ ...IN_PARTS, form: 'answer' })).toMatchObject({ text, broken: false, finish: 'STOP' });
});

it('ends in an error where parts are not to be joined', async () => {
  const got = await on.hear({ ...IN_PARTS, form: 'answer', headers: { 'x-l104-resume': 'off' } });
  expect(got).toMatchObject({ broken: true, finish: undefined, error: { code: 'STREAM_INCOMPLETE' } });
  expect(on.asked).toHaveLength(1);
});

it.each(['gemini-sse', 'gemini-array'] as const)(
  'goes to native clients as it is, with its token (%s)',
  async (form) => {
    const got = await on.hear({ ...IN_PARTS, form });
    expect(got).toMatchObject({ broken: false, finish: 'CONTINUATION' });
    expect(got.events.at(-1)?.candidates?.[0]?.continuationToken).toBeTypeOf('string');
    expect(on.asked).toHaveLength(1);
  },
);
