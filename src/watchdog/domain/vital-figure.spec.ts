import { expect, it } from 'vitest';
import { levelOf, type VitalFigure } from './vital-figure.js';

const figure = (value: number | null, more: Partial<VitalFigure> = {}): VitalFigure => ({
  name: 'heap',
  value,
  unit: 'bytes',
  limit: 100,
  stays: 'below',
  at: 0,
  ...more,
});

it('has a word for how near a reading is to its limit, whichever side it should stay on', () => {
  expect(levelOf(figure(79), false)).toBe('ok');
  expect(levelOf(figure(80), false)).toBe('near');
  expect(levelOf(figure(126, { stays: 'above' }), false)).toBe('ok');
  expect(levelOf(figure(125, { stays: 'above' }), false)).toBe('near');
  expect(levelOf(figure(0, { stays: 'above' }), false)).toBe('near');
});

it('leaves what is too much to the vital, and what is not known unknown', () => {
  expect(levelOf(figure(1), true)).toBe('over');
  expect(levelOf(figure(null), false)).toBe('unknown');
  expect(levelOf(figure(1e9, { limit: null }), false)).toBe('ok');
});
