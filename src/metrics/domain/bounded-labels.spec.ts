import { expect, it } from 'vitest';
import { BoundedLabels } from './bounded-labels.js';

const sets = (): BoundedLabels<'model' | 'error'> => new BoundedLabels(['model', 'error'], 3);

it('keeps the first sets, and makes one of all later ones', () => {
  const labels = sets();
  const first = labels.of('a', '');
  expect(first).toEqual({ model: 'a', error: '' });
  expect(labels.of('a', '503')).toEqual({ model: 'a', error: '503' });
  expect(labels.of('b', '')).toEqual({ model: 'b', error: '' });
  expect(labels.of('c', '')).toEqual({ model: 'other', error: 'other' });
  expect(labels.of('a', '')).toBe(first);
});

it('never makes more sets than one above its limit, whatever names callers invent', () => {
  const labels = sets();
  const seen = new Set<string>();
  for (let i = 0; i < 1000; i++) seen.add(JSON.stringify(labels.of(`m${i % 7}`, 'x'.repeat(i))));
  expect(seen.size).toBeLessThanOrEqual(4);
});
