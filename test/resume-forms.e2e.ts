import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MODEL } from './support/asking.js';
import { PLAIN, Resuming, STREAMS } from './support/resuming.js';

const FALLBACK = 'gemini-2.5-pro';
/** Takes no request that ends in a turn of the model. */
const REFUSING = 'gemini-3.5-flash';
const CUT = { kind: 'cut', afterEvents: 6 };
const DOWN = { kind: 'error', status: 'UNAVAILABLE' };

let on: Resuming;
beforeAll(async () => {
  on = await Resuming.set({
    GEMINI_FALLBACK_MODELS: `${MODEL}>${FALLBACK},gemini-2.0-flash>${REFUSING}`,
    CIRCUIT_BREAKER_THRESHOLD: '1000',
    STREAM_IDLE_TIMEOUT_MS: '400ms',
  });
});
afterEach(() => {
  on.clear();
});
afterAll(() => on.stage.close());

const BREAKS: readonly (readonly [string, object])[] = [
  ['is cut', CUT],
  ['is reset', { kind: 'reset', afterEvents: 6 }],
  ['ends too early', { kind: 'cut', afterEvents: 6, cleanEnd: true }],
  ['falls silent', { kind: 'stall', afterEvents: 6 }],
  ['ends within an event', { kind: 'truncatedEvent', afterEvents: 6 }],
  ['holds a malformed event', { kind: 'garbage', afterEvents: 6, mode: 'replace' }],
  ['holds an error', { kind: 'inStreamError', afterEvents: 6 }],
  ['ends in bare JSON', { kind: 'bareJsonError', afterEvents: 6 }],
  ['says nothing new', { kind: 'zombie', afterEvents: 6, everyMs: 50 }],
  ['ends without a finish reason', { kind: 'missingFinish' }],
];

describe.each(STREAMS)('%s: an answer that', (form) => {
  it.each(BREAKS)('%s is gone on with', async (_name, fault) => {
    const text = await on.undisturbed({ form });
    on.fault({ times: 1, fault });
    const got = await on.hear({ form });
    expect(got).toMatchObject({ status: 200, text, broken: false, error: undefined });
    expect(got.finish).toMatch(/^stop$/i);
    expect(on.asked.length).toBe(2);
  });

  it('breaks three times is whole in the end', async () => {
    const ask = { form, text: 'Hello #words=150' };
    const text = await on.undisturbed(ask);
    on.fault({ times: 1, fault: CUT }, { times: 2, fault: { kind: 'cut', afterEvents: 8 } });
    expect(await on.hear(ask)).toMatchObject({ text, broken: false });
    expect(on.asked.length).toBe(4);
  });

  it('breaks is gone on with by the fallback', async () => {
    const text = await on.undisturbed({ form });
    on.fault({ model: MODEL, times: 1, fault: CUT }, { model: MODEL, skip: 1, fault: DOWN });
    expect(await on.hear({ form })).toMatchObject({ text, broken: false });
    expect(on.asked.at(-1)).toBe(FALLBACK);
  });
});

describe.each(PLAIN)('%s: of an answer that was gone on with', (form) => {
  it('the id and the model stay the same, and the node tells of it once', async () => {
    await on.undisturbed({ form });
    on.fault({ model: MODEL, times: 1, fault: CUT }, { model: MODEL, skip: 1, fault: DOWN });
    const { events, marks, text } = await on.hear({ form });
    const ids = new Set(events.map(({ responseId, id }) => responseId ?? id));
    const models = new Set(events.map(({ modelVersion, model }) => modelVersion ?? model));
    expect([ids.size, [...models]]).toEqual([1, [MODEL]]);
    expect(marks).toEqual([
      {
        healing: ['resume'],
        resume: 'prefill',
        at: expect.any(Number) as number,
        model: FALLBACK,
        attempts: on.asked.length,
      },
    ]);
    expect(marks[0]!.at).toBeLessThan(text.length);
  });

  it('the tokens never fall, and are those of all attempts', async () => {
    on.fault({ times: 1, fault: CUT });
    const { events } = await on.hear({ form });
    const usages = events.flatMap(({ usageMetadata, usage }) => {
      const told = usageMetadata ?? usage;
      return told === undefined ? [] : [told];
    });
    const totals = usages.map((usage) => usage['totalTokenCount'] ?? usage['total_tokens'] ?? NaN);
    expect([...totals].sort((a, b) => a - b)).toEqual(totals);
    // The second attempt is sent the beginning of the answer as well; Gemini's own OpenAI streams count only at their end.
    if (form !== 'openai')
      expect(usages.at(-1)!['promptTokenCount']).toBeGreaterThan(2 * usages[0]!['promptTokenCount']!);
  });
});

describe('a fallback that takes no beginning of an answer', () => {
  it('is asked anew, its refusal is not shown, and it is not asked that way again', async () => {
    const ask = { model: 'gemini-2.0-flash' };
    const text = await on.undisturbed(ask);
    const faults = [
      { model: ask.model, times: 1, fault: CUT },
      { model: ask.model, skip: 1, fault: DOWN },
    ];
    on.stage.log.length = 0;
    on.fault(...faults);
    const first = await on.hear(ask);
    expect(first).toMatchObject({ text, broken: false });
    expect(first.marks[0]).toMatchObject({ resume: 'replay', model: REFUSING });
    on.clear();
    on.fault(...faults);
    expect(await on.hear(ask)).toMatchObject({ text, broken: false });
    const statuses = on.stage.simulator.journal.records.map(({ status }) => status);
    expect(statuses).not.toContain(400);
    expect(on.asked.filter((model) => model === REFUSING)).toHaveLength(1);
  });

  it('by its own word is believed', async () => {
    const ask = { model: 'gemini-4-argon' };
    const text = await on.undisturbed(ask);
    on.fault({ times: 1, fault: CUT });
    expect(await on.hear(ask)).toMatchObject({ text, broken: false });
  });
});
