import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnswerDefect } from './answer-defect.js';
import { AnswerReader } from './answer-reader.js';
import { EventPattern } from './event-pattern.js';
import { type JsonText, textOf } from './json-text.js';
import { Delivered } from './resume/delivered.js';
import { SseSplitter } from './sse-splitter.js';
import { memoryOf } from './memory-of.js';

type Json = Record<string, unknown>;

/** How a text may stand in JSON, rightly and wrongly. */
const textBytes = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(JSON.stringify(text))),
  fc
    .array(fc.constantFrom(...'a,",\\,\\",\\n,\\u00e9,\\u12,\\x,\t,\n,\r,\0,é,😀,{,}'.split(',')))
    .map((parts) => Buffer.from(`"${parts.join('')}"`)),
  fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.concat([Buffer.from('"'), bytes, Buffer.from('"')])),
  fc.constantFrom('null', '7', '[]', '""', '"', '').map((text) => Buffer.from(text)),
);
/** How a count may stand in JSON, rightly and wrongly. */
const countText = fc.oneof(
  fc.nat().map(String),
  fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 14, maxLength: 30 }).map((digits) => digits.join('')),
  fc.constantFrom(...'0,00,01,-1,-0,1.5,1e3,999999999999999,9007199254740993,,null,"1",1 '.split(',')),
);

interface Words {
  readonly text: Buffer;
  readonly counts: readonly [string, string];
}
const words: fc.Arbitrary<Words> = fc.record({ text: textBytes, counts: fc.tuple(countText, countText) });

/** Events that say the same in other layouts; what stands in them decides whether they can be learnt. */
const LAYOUTS: readonly ((words: Words) => Buffer)[] = [
  ({ text, counts: [input, output] }) =>
    bytes`data: {"candidates": [{"content": {"parts": [{"text": ${text}}],"role": "model"},"index": 0}],"usageMetadata": {"promptTokenCount": ${input},"candidatesTokenCount": ${output}},"modelVersion": "m"}\r\n\r\n`,
  ({ text, counts: [input, output] }) =>
    bytes`data: {"usageMetadata":{"candidatesTokenCount":${output},"promptTokenCount":${input}},"candidates":[ {"content":{"parts":[ {"thought":true,"text":${text}} ]}} ]}\n\n`,
  // Members that stand twice, and a name that only looks like another.
  ({ text, counts: [input, output] }) =>
    bytes`data: {"candidates":[{"content":{"parts":[{"text":"no","text":${text},"other":{"text":"x"}}]}}],"usageMetadata":{"promptTokenCount":1,"promptTokenCount":${input},"totalTokenCount":${output}}}\n\n`,
  ({ text }) => bytes`data: {"candidates":[{"content":{"parts":[{"text":${text},"te\\u0078t":"other"}]}}]}\n\n`,
  ({ text }) => bytes`data: {"candidates":[{"content":{"parts":[{"text":${text}},{"text":"second"}]}}]}\n\n`,
  ({ text, counts: [input] }) =>
    bytes`data: {"candidates":[{"content":{"parts":[{"text":${text}}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":${input}}}\n\n`,
];

function bytes(strings: TemplateStringsArray, ...values: readonly (Buffer | string)[]): Buffer {
  return Buffer.concat(strings.flatMap((string, index) => [Buffer.from(string), Buffer.from(values[index] ?? '')]));
}

/** What taking an event apart makes of it; undefined unless the bytes are exactly one event that may be passed on. */
function parsed(event: Buffer): Json | undefined {
  const found: (Json | undefined)[] = [];
  const splitter = new SseSplitter(10_000, ({ raw, data = '', plain }) => {
    let json: unknown;
    try {
      json = JSON.parse(data);
    } catch {
      json = undefined;
    }
    found.push(plain && raw.equals(event) && typeof json === 'object' && json !== null ? (json as Json) : undefined);
  });
  splitter.push(event);
  return found.length === 1 && splitter.rest().length === 0 ? found[0] : undefined;
}

function learnt(event: Buffer, surface: 'gemini' | 'openai' = 'gemini'): EventPattern | undefined {
  const data = parsed(event);
  return data === undefined ? undefined : EventPattern.of(event, data, surface);
}

/** Index behind the event that begins at `from`, or -1. */
function read(pattern: EventPattern | undefined, bytes: Buffer, from = 0): number {
  const { byteOffset: start, length } = bytes;
  const behind = pattern?.read(memoryOf(bytes), start + from, start + length) ?? -1;
  return behind < 0 ? behind : behind - start;
}

describe('EventPattern', () => {
  it('reads what differs in text and counts alone, whatever they are', () => {
    const layout = LAYOUTS[0] as (words: Words) => Buffer;
    const pattern = learnt(layout({ text: Buffer.from('"Hello"'), counts: ['3', '4'] }));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(), fc.nat(), (text, input, output) => {
        const event = layout({ text: Buffer.from(JSON.stringify(text)), counts: [String(input), String(output)] });
        const all = Buffer.concat([Buffer.from('xx'), event, event]);
        expect(read(pattern, all, 2)).toBe(2 + event.length);
        expect(pattern?.dataIn(memoryOf(all))).toEqual(JSON.parse(event.toString().slice(6)));
      }),
    );
  });

  it('reads nothing but what taking it apart gives as well, byte for byte and value for value', () => {
    let matches = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...LAYOUTS),
        words,
        fc.array(words, { minLength: 1, maxLength: 4 }),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom(...Buffer.from('\\"\n\r{},:0 \t\x80')), fc.nat(2)), {
          maxLength: 1,
        }),
        (layout, first, others, edits) => {
          const pattern = learnt(layout(first));
          if (pattern === undefined) return;
          for (const event of [first, ...others].map((other) => edited(layout(other), edits))) {
            const end = read(pattern, event);
            if (end < 0) continue;
            matches++;
            expect(pattern.dataIn(memoryOf(event))).toEqual(parsed(event.subarray(0, end)));
          }
        },
      ),
      { numRuns: 10_000 },
    );
    expect(matches).toBeGreaterThan(1000);
  });

  it.each([
    ['a name with an escape, which may be the same as another', LAYOUTS[3]],
    ['more than one part', LAYOUTS[4]],
    ['no text', (): Buffer => bytes`data: {"candidates":[{"content":{"parts":[{"functionCall":{}}]}}]}\n\n`],
    [
      'much beside its text',
      (): Buffer => bytes`data: {"candidates":[{"content":{"parts":[{"text":"a"}]}}],"x":"${'y'.repeat(5000)}"}\n\n`,
    ],
  ])('does not learn from an event with %s', (_name, layout) => {
    const event = layout?.({ text: Buffer.from('"a"'), counts: ['1', '2'] }) ?? Buffer.alloc(0);
    expect(parsed(event)).toBeDefined();
    expect(learnt(event)).toBeUndefined();
  });

  it('keeps the counts of what was read where the next event is no match', () => {
    const layout = LAYOUTS[0] as (words: Words) => Buffer;
    const data = JSON.parse(
      layout({ text: Buffer.from('"a"'), counts: ['1', '2'] })
        .toString()
        .slice(5),
    ) as Json;
    const pattern = EventPattern.of(layout({ text: Buffer.from('"a"'), counts: ['1', '2'] }), data, 'gemini');
    expect(read(pattern, layout({ text: Buffer.from('"b"'), counts: ['3', '4'] }))).toBeGreaterThan(0);
    expect(read(pattern, layout({ text: Buffer.from('"c"'), counts: ['7', '08'] }))).toBe(-1);
    expect(data['usageMetadata']).toEqual({ promptTokenCount: 1, candidatesTokenCount: 2 });
    pattern?.tellCounts();
    expect(data['usageMetadata']).toEqual({ promptTokenCount: 3, candidatesTokenCount: 4 });
  });
});

/** The event with at most one byte inserted (0), replaced (1) or taken out (2). */
function edited(event: Buffer, edits: readonly (readonly [number, number, number])[]): Buffer {
  const [edit] = edits;
  if (edit === undefined) return event;
  const [where, byte, kind] = edit;
  const at = where % event.length;
  return Buffer.concat([
    event.subarray(0, at),
    ...(kind === 2 ? [] : [Buffer.of(byte)]),
    event.subarray(kind === 0 ? at : at + 1),
  ]);
}

/** All that is made of a stream by a reader whose events are looked at no closer than they must be, as a receiver does. */
function reading(form: 'gemini-sse' | 'openai-sse', chunks: readonly Buffer[]): unknown {
  const events: unknown[] = [];
  const passed: Buffer[] = [];
  let defect: string | undefined;
  const delivered = new Delivered(form === 'openai-sse' ? 'openai' : 'gemini', 200);
  const reader = new AnswerReader(form, 600, ({ raw, data, progress }) => {
    passed.push(Buffer.from(raw));
    delivered.accept(data);
    events.push([textIn(data), progress, reader.said]);
  });
  const heard = {
    again(text: JsonText, memory: DataView): void {
      delivered.again(text, memory);
      events.push([textOf(text, memory), true, reader.said]);
    },
  };
  try {
    for (const chunk of chunks) {
      const behind = reader.again(chunk, heard);
      passed.push(chunk.subarray(0, behind));
      reader.push(chunk.subarray(behind));
    }
    reader.end();
  } catch (error) {
    defect = (error as AnswerDefect).kind;
  }
  reader.settle();
  const { complete, empty, finishReason, model, usage } = reader.state;
  const end = { complete, empty, finishReason, model, usage, defect };
  return { events, passed: Buffer.concat(passed).toString('latin1'), end, delivered: delivery(delivered) };
}

/** The first text of an event, where it has one. */
function textIn({ candidates, choices }: Json): unknown {
  const [first] = (candidates ?? choices ?? []) as { content?: { parts?: Json[] }; delta?: Json }[];
  return first?.content?.parts?.[0]?.['text'] ?? first?.delta?.['content'];
}

function delivery({ text, length, bar, id, model, usage }: Delivered): unknown {
  return { text, length, bar, id, model, usage: { ...usage } };
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

describe('a reader that learns', () => {
  it.each(['gemini-sse', 'openai-sse'] as const)('finds the same in %s as one that takes every event apart', (form) => {
    const sound = fc.record({
      text: fc.string({ unit: 'binary' }).map((text) => Buffer.from(JSON.stringify(text))),
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
