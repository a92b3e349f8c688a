import { expect, it } from 'vitest';
import { ErrorScore } from './error-score.js';

it('fails at the threshold and recovers with successes', () => {
  const score = new ErrorScore(3);
  for (let i = 0; i < 3; i++) score.error();
  expect(score.failing).toBe(true);
  score.success();
  expect(score.failing).toBe(false);
});

it('stays within zero and twice the threshold', () => {
  const score = new ErrorScore(3);
  score.success();
  expect(score.score).toBe(0);
  for (let i = 0; i < 100; i++) score.error();
  expect(score.score).toBe(6);
});
