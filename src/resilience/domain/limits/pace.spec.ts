import { expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { Pace } from './pace.js';

it('tells by the pace of late when there may be room, within bounds', () => {
  const clock = new ManualClock();
  const pace = new Pace(clock);
  expect([pace.known, pace.retryAfterMs(0)]).toEqual([false, 1_000]);
  pace.begin();
  for (let i = 0; i < 50; i++) {
    clock.advance(2_000);
    pace.tick();
  }
  expect(pace.known).toBe(true);
  expect(pace.retryAfterMs(0)).toBe(2_000);
  expect(pace.retryAfterMs(4)).toBe(10_000);
  expect(pace.retryAfterMs(400)).toBe(30_000);
  // Nothing falls free any more.
  clock.advance(9_000);
  expect(pace.retryAfterMs(0)).toBe(9_000);
  // A quiet time does not count as a pause.
  clock.advance(600_000);
  pace.begin();
  expect(pace.retryAfterMs(0)).toBe(2_000);
});
