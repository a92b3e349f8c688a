import { expect, it } from 'vitest';
import { growth, type PageSample } from './page-figures.js';

const samples = (...heaps: number[]): PageSample[] =>
  heaps.map((heap, n) => ({ minutes: n / 2, heap, nodes: 100, listeners: 5 }));

it('tells growth per minute of the later half alone', () => {
  expect(growth(samples(1, 9, 12, 12, 13, 14, 15), ({ heap }) => heap)).toBeCloseTo(2);
  expect(growth(samples(1, 50, 9, 9, 9), ({ heap }) => heap)).toBe(0);
  expect(growth(samples(4), ({ heap }) => heap)).toBe(0);
});
