import { expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { Pace } from './pace.js';

it('tells by how long places are held, and how many there are, when there may be room', () => {
  const clock = new ManualClock();
  let places = 1;
  const pace = new Pace(clock, () => places);
  expect([pace.known, pace.retryAfterMs(0)]).toEqual([false, 1_000]);
  pace.begin();
  for (let i = 0; i < 50; i++) {
    clock.advance(2_000);
    pace.freed(2_000);
  }
  expect(pace.known).toBe(true);
  expect(pace.waitMs(0)).toBe(2_000);
  expect(pace.waitMs(4)).toBe(10_000);
  expect(pace.retryAfterMs(400)).toBe(30_000);
  places = 200;
  expect(pace.waitMs(399)).toBe(4_000);
  expect(pace.retryAfterMs(0)).toBe(1_000);
});

it('tells the same whether places fall free one by one or all at once', () => {
  const clock = new ManualClock();
  const pace = new Pace(clock, () => 200);
  pace.begin();
  for (let wave = 0; wave < 5; wave++) {
    clock.advance(500);
    for (let i = 0; i < 200; i++) pace.freed(500);
    expect(pace.waitMs(599)).toBe(1_500);
  }
  clock.advance(499);
  expect(pace.waitMs(599)).toBe(1_500);
});

it('notices that nothing falls free any more, and stays within what it may tell', () => {
  const clock = new ManualClock();
  const pace = new Pace(clock, () => 10);
  pace.begin();
  pace.freed(2_000);
  clock.advance(9_000);
  expect(pace.retryAfterMs(0)).toBe(9_000);
  clock.advance(60_000);
  expect(pace.retryAfterMs(0)).toBe(30_000);
  // A quiet time is no sign of it.
  pace.begin();
  expect(pace.retryAfterMs(9)).toBe(2_000);
});
