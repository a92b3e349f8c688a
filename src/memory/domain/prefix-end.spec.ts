import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prefixEnd } from './prefix-end.js';

const text = fc.string({ unit: 'binary', maxLength: 6 });
const before = (a: string, b: string): boolean => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;

describe('prefixEnd', () => {
  it.each([
    ['a', 'b'],
    ['ab', 'ac'],
    ['\uD7FF', '\uE000'],
    ['a\u{10FFFF}', 'b'],
    ['\u{10FFFF}', undefined],
    ['', undefined],
  ])('of %j is %j', (prefix, end) => {
    expect(prefixEnd(prefix)).toBe(end);
  });

  it('bounds exactly the texts with the prefix', () => {
    fc.assert(
      fc.property(text, text, fc.boolean(), (prefix, other, joined) => {
        const candidate = joined ? prefix + other : other;
        const end = prefixEnd(prefix);
        const inside = !before(candidate, prefix) && (end === undefined || before(candidate, end));
        expect(inside).toBe(candidate.startsWith(prefix));
      }),
    );
  });
});
