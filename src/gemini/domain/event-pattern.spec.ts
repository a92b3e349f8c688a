import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventPattern } from './event-pattern.js';
import { memoryOf } from './memory-of.js';
import { SseSplitter } from './sse-splitter.js';
import { bytes, type Json, LAYOUTS, words, type Words } from '../test-events.js';

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
