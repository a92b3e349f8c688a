import { describe, expect, it } from 'vitest';
import { keyValues } from './setting-kinds.js';

const pairs = keyValues({ variable: 'PAIRS', about: 'Pairs.' });

describe('pairs of key and value', () => {
  it.each([
    ['', {}],
    ['a=1', { a: '1' }],
    [' authorization=Bearer%20x%3D , x-team = b=c ,', { authorization: 'Bearer x=', 'x-team': 'b=c' }],
    ['empty=', { empty: '' }],
  ])('%j are %j', (raw, value) => {
    expect(pairs.read(raw)).toEqual(value);
  });

  it.each([
    ['a'],
    ['=b'],
    ['a=1,b'],
    ['a b=c'],
    ['a=%zz'],
    [Array.from({ length: 51 }, (_, n) => `k${n}=1`).join(',')],
  ])('%j are refused, without a word of what they hold', (raw) => {
    expect(() => pairs.read(raw)).toThrow(
      /^has (an entry \(number \d\) (that is not key=value|whose value)|more than 50)/,
    );
  });
});
