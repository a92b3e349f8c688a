import { expect, it } from 'vitest';
import { probabilityText, withinText } from './likelihood-text.js';

it('tells a probability in steps, and never as sure', () => {
  expect([0.8, 0.849, 0.85, 0.949].map(probabilityText)).toEqual(['80 %', '80 %', '85 %', '90 %']);
  expect([0.95, 1].map(probabilityText)).toEqual(['over 95 %', 'over 95 %']);
});

it('tells a time that is left in minutes, and in steps of five where it is long', () => {
  const minutes = [0, 0.2, 1, 4.1, 15, 15.1, 58].map((left) => withinText(left * 60_000));
  expect(minutes).toEqual([1, 1, 1, 5, 15, 20, 60].map((left) => `within ${left} min`));
});
