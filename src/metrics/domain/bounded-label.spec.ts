import { expect, it } from 'vitest';
import { BoundedLabel } from './bounded-label.js';

it('keeps the first values and folds the rest into "other"', () => {
  const label = new BoundedLabel(2);
  expect(['a', 'b', 'c', 'a', 'd'].map((value) => label.of(value))).toEqual(['a', 'b', 'other', 'a', 'other']);
});

it('does not keep a value that is too long to read', () => {
  expect(new BoundedLabel(2).of('x'.repeat(101))).toBe('other');
});
