import { expect, it } from 'vitest';
import { bytes, rate, seconds, share, span, whole } from './quantity.js';

it('never rounds a failure away', () => {
  expect([share(1), share(0.99999), share(0.5), share(0)]).toEqual(['100 %', '99.9 %', '50 %', '0 %']);
});

it('keeps little apart from nothing', () => {
  expect([rate(0), rate(0.04), rate(0.25), rate(9.96), rate(212.4), rate(12_345)]).toEqual([
    '0',
    '< 0.1',
    '0.3',
    '10',
    '212',
    '12,345',
  ]);
});

it('writes times, sizes and spans for people', () => {
  expect([seconds(0.35), seconds(1.44), seconds(12), seconds(70)]).toEqual(['350 ms', '1.4 s', '12 s', '1 min 10 s']);
  expect([bytes(0), bytes(900), bytes(1536), bytes(5_242_880), bytes(3 * 1024 ** 3)]).toEqual([
    '0 B',
    '900 B',
    '1.5 KiB',
    '5 MiB',
    '3 GiB',
  ]);
  expect([span(-5), span(12_400), span(125_000), span(93_600_000)]).toEqual(['1 s', '12 s', '2 min', '1 d 2 h']);
  expect(whole(1234.6)).toBe('1,235');
});
