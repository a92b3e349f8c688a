import { expect, it } from 'vitest';
import { BurnRate } from './burn-rate.js';

const MINUTE = 60_000;

interface Traffic {
  readonly from: number;
  readonly minutes: number;
  /** Share that fails. */
  readonly share: number;
  readonly perMinute?: number;
}

/** Adds requests, and returns the time after them. */
function traffic(burn: BurnRate, { from, minutes, share, perMinute = 100 }: Traffic): number {
  for (let minute = 0; minute < minutes; minute++)
    for (let n = 0; n < perMinute; n++) burn.add(from + minute * MINUTE, n < share * perMinute);
  return from + minutes * MINUTE;
}

it('burns when a share fails that uses up the budget in two days, for an hour and still', () => {
  const burn = new BurnRate(0.995);
  const now = traffic(burn, { from: 0, minutes: 60, share: 0.1 });
  expect(burn.read(now - 1)).toEqual({
    rate: expect.closeTo(20, 5) as number,
    window: 60,
    failed: expect.closeTo(0.1, 5) as number,
  });
  // The short windows end it, long before the long ones have forgotten.
  expect(burn.read(traffic(burn, { from: now, minutes: 31, share: 0 }) - 1)).toBeUndefined();
});

it('does not burn for a moment, nor at a pace that the budget allows', () => {
  const burn = new BurnRate(0.995);
  const calm = traffic(burn, { from: 0, minutes: 360, share: 0.01 });
  expect(burn.read(calm - 1)).toBeUndefined();
  expect(burn.read(traffic(burn, { from: calm, minutes: 3, share: 0.3 }) - 1)).toBeUndefined();
});

it('burns slowly over six hours', () => {
  const burn = new BurnRate(0.995);
  expect(burn.read(traffic(burn, { from: 0, minutes: 360, share: 0.05 }) - 1)).toMatchObject({ window: 360 });
});

it('says nothing on hardly any traffic or failures, and forgets what is older than six hours', () => {
  const burn = new BurnRate(0.995);
  traffic(burn, { from: 0, minutes: 1, share: 1, perMinute: 19 });
  expect(burn.read(0)).toBeUndefined();
  burn.add(0, true);
  expect(burn.read(0)).toMatchObject({ failed: 1 });
  expect(burn.read(360 * MINUTE)).toBeUndefined();
  const few = new BurnRate(0.995);
  traffic(few, { from: 0, minutes: 1, share: 0.16, perMinute: 25 });
  expect(few.read(0)).toBeUndefined();
  few.add(0, true);
  expect(few.read(0)).toMatchObject({ window: 60 });
});
