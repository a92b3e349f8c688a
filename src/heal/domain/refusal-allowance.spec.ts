import { expect, it } from 'vitest';
import { ManualClock } from '../../kernel/clock.js';
import { RefusalAllowance } from './refusal-allowance.js';

const DAY = 86_400_000;

it('tells the first ones, then few, and with each how many were not told before', () => {
  const clock = new ManualClock();
  clock.advance(123_456_789);
  const allowance = new RefusalAllowance();
  const take = (times: number): (number | undefined)[] =>
    Array.from({ length: times }, () => allowance.take(clock.now()));
  expect(take(12)).toEqual([...Array.from({ length: 10 }, () => 0), undefined, undefined]);
  clock.advance(15 * 60_000);
  expect(take(3)).toEqual([2, undefined, undefined]);
  clock.advance(DAY);
  expect(take(11)).toEqual([2, ...Array.from({ length: 9 }, () => 0), undefined]);
});

it('tells less than a hundred and ten in a day of attempts', () => {
  const clock = new ManualClock();
  const allowance = new RefusalAllowance();
  let told = 0;
  for (let second = 0; second < 86_400; second++) {
    if (allowance.take(clock.now()) !== undefined) told++;
    clock.advance(1000);
  }
  expect(told).toBeLessThan(110);
});
