import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnswerDefect } from './answer-defect.js';
import { AnswerReader } from './answer-reader.js';
import { Delivered } from './resume/delivered.js';
import { bytes, type Json, LAYOUTS, words, type Words } from '../test-events.js';

/** All that is made of a stream by a reader whose events are looked at no closer than they must be, as a receiver does. */
function reading(form: 'gemini-sse' | 'openai-sse', chunks: readonly Buffer[]): unknown {
  let said = '';
  const passed: Buffer[] = [];
  /** How far it had come when it was brought forward last. */
  let moved = 0;
  let defect: string | undefined;
  const delivered = new Delivered(form === 'openai-sse' ? 'openai' : 'gemini', 8000);
  const reader = new AnswerReader(
    form,
    4000,
    ({ raw, data, progress }) => {
      passed.push(Buffer.from(raw));
      delivered.accept(data);
      said += textIn(data);
      if (progress) moved = reader.said;
    },
    (text, memory) => {
      delivered.again(text, memory);
      const { from, to } = text;
      said += JSON.parse(`"${Buffer.from(memory.buffer, from, to - from).toString()}"`) as string;
      moved = reader.said;
    },
  );
  try {
    for (const chunk of chunks) {
      const behind = reader.again(chunk);
      passed.push(chunk.subarray(0, behind));
      if (behind < chunk.length) reader.push(chunk.subarray(behind));
    }
    reader.end();
  } catch (error) {
    defect = (error as AnswerDefect).kind;
  }
  reader.settle();
  const { complete, empty, finishReason, model, usage } = reader.state;
  const end = { complete, empty, finishReason, model, usage, defect };
  return { said, moved, passed: Buffer.concat(passed).toString('latin1'), end, delivered: delivery(delivered) };
}

/** The first text of an event; empty where it has none. */
function textIn({ candidates, choices }: Json): string {
  const [first] = (candidates ?? choices ?? []) as { content?: { parts?: Json[] }; delta?: Json }[];
  const text = first?.content?.parts?.[0]?.['text'] ?? first?.delta?.['content'];
  return typeof text === 'string' ? text : '';
}

function delivery({ length, text, bar, id, model, usage }: Delivered): unknown {
  // Its length is asked for ahead of its text: to make that is to count it anew.
  // What is too long is not gone on with: how much of it was kept is of no matter.
  const kept = bar === 'too_long' ? undefined : { text, length };
  return { kept, bar, id, model, usage: { ...usage } };
}

const chat = ({ text, counts: [input] }: Words): Buffer =>
  bytes`data: {"choices":[{"delta":{"content":${text},"role":"assistant"},"index":0}],"model":"m","usage":{"prompt_tokens":${input}}}\n\n`;
const thinking = ({ text }: Words): Buffer =>
  bytes`data: {"choices":[{"delta":{"content":${text},"reasoning_content":"Hm."},"index":0}],"model":"m"}\n\n`;
const SPECIAL = [
  'data: [DONE]\n\n',
  ': hi\n\n',
  '\n',
  'data: {"error":{"code":503}}\n\n',
  '{"error":{"code":503}}',
  'data: {"candi',
  'data: {"candidates":[{"finishReason":"STOP"}]}\n\n',
  'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n',
].map((text) => Buffer.from(text));

/** Some fill what is kept of them, or are longer than it; the last one is longer than an event may be. */
const said = fc.oneof(
  { weight: 9, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 2, arbitrary: fc.constantFrom(300, 1020, 1800, 5000).map((length) => 'é"word'.repeat(length / 6)) },
);

describe('a reader that learns', () => {
  it.each([0, 1, 2, 3, 4, 5, 8, 9])(
    'keeps texts that fill its room up to %i bytes, and those that do not fit',
    (left) => {
      const counts = ['1', '2'] as const;
      const texts = [
        'a',
        'b',
        'c',
        'd',
        'x'.repeat(500),
        'y'.repeat(524 - left),
        'last',
        'z'.repeat(1024 + left),
        'end',
      ];
      const events = texts.map((text) =>
        (LAYOUTS[0] as (words: Words) => Buffer)({ text: Buffer.from(`"${text}"`), counts }),
      );
      expect(reading('gemini-sse', events)).toMatchObject({
        said: texts.join(''),
        delivered: { kept: { text: texts.join(''), length: texts.join('').length } },
      });
    },
  );

  it.each(['gemini-sse', 'openai-sse'] as const)('finds the same in %s as one that takes every event apart', (form) => {
    const sound = fc.record({
      text: said.map((text) => Buffer.from(JSON.stringify(text))),
      counts: fc.tuple(fc.nat().map(String), fc.nat().map(String)),
    });
    const layouts = form === 'openai-sse' ? [chat, thinking] : LAYOUTS;
    // Nearly always of one layout, as in life.
    const stream = fc
      .constantFrom(...layouts)
      .chain((layout) =>
        fc.array(
          fc.oneof(
            { weight: 20, arbitrary: sound.map(layout) },
            { weight: 1, arbitrary: words.map(layout) },
            { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...layouts), sound).map(([other, said]) => other(said)) },
            { weight: 1, arbitrary: fc.constantFrom(...SPECIAL) },
          ),
          { maxLength: 20 },
        ),
      );
    fc.assert(
      fc.property(stream, (events) => {
        const whole = Buffer.concat(events);
        // Cut into single bytes, no event is there as a whole for a pattern to read.
        const apart = reading(
          form,
          Array.from(whole, (byte) => Buffer.of(byte)),
        );
        expect(reading(form, events)).toEqual(apart);
        expect(reading(form, [whole])).toEqual(apart);
      }),
      { numRuns: 1000 },
    );
  });
});
