import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArraySplitter, type ArrayElement } from './array-splitter.js';
import { EventTooLarge } from './sse-splitter.js';

function split(chunks: readonly (string | Buffer)[], limit = 10_000) {
  const elements: ArrayElement[] = [];
  const splitter = new ArraySplitter(limit, (element) => elements.push(element));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk as string));
  return { elements, closed: splitter.closed, foreign: splitter.foreign, rest: splitter.rest().toString() };
}

describe('ArraySplitter', () => {
  it('hands on elements with the bytes between them', () => {
    const { elements, closed, foreign, rest } = split(['[{"a":1}\r\n,\r\n{"b":"}]\\""}', '\r\n]\n']);
    expect(elements.map(({ raw, text }) => [raw.toString(), text])).toEqual([
      ['[{"a":1}', '{"a":1}'],
      ['\r\n,\r\n{"b":"}]\\""}', '{"b":"}]\\""}'],
    ]);
    expect({ closed, foreign, rest }).toEqual({ closed: true, foreign: false, rest: '\r\n]\n' });
  });

  it('tells an array that was not closed', () => {
    expect(split(['[{"a":1}']).closed).toBe(false);
    expect(split(['[{"a":"x']).rest).toBe('[{"a":"x');
  });

  it.each(['{"error":{}}', '<html>', '[{"a":1}]{"b":2}', 'data: {}'])('sees that %s is no array of objects', (text) => {
    expect(split([text]).foreign).toBe(true);
  });

  it('gives the same elements however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), { maxLength: 5 }),
        fc.array(fc.nat(2000), { maxLength: 10 }),
        (values, cuts) => {
          const whole = Buffer.from(`[${values.map((value) => JSON.stringify(value)).join('\r\n,\r\n')}\r\n]`);
          const points = [0, ...cuts.map((cut) => cut % whole.length).sort((a, b) => a - b), whole.length];
          const { elements, closed, foreign, rest } = split(
            points.slice(1).map((point, index) => whole.subarray(points[index], point)),
          );
          expect(elements.map(({ text }) => JSON.parse(text) as unknown)).toEqual(
            values.map((value) => JSON.parse(JSON.stringify(value)) as unknown),
          );
          expect({ closed, foreign }).toEqual({ closed: true, foreign: false });
          expect(elements.map(({ raw }) => raw.toString()).join('') + rest).toBe(whole.toString());
        },
      ),
      { numRuns: 300 },
    );
  });

  it('refuses an element beyond its limit', () => {
    expect(() => split([`[{"a":"${'x'.repeat(60)}`], 50)).toThrow(EventTooLarge);
  });
});
