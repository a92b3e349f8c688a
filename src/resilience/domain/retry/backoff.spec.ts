import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Backoff } from './backoff.js';

const options = { baseMs: 500, multiplier: 2, capMs: 8_000 };

it('grows by its factor up to the cap', () => {
  const backoff = new Backoff({ ...options, random: () => 0.5 });
  expect([1, 2, 3, 4, 5, 6, 5_000].map((retry) => backoff.waitMs(retry))).toEqual([
    250, 500, 1_000, 2_000, 4_000, 4_000, 4_000,
  ]);
});

it('spreads over the whole of it, from nothing on', () => {
  expect(new Backoff({ ...options, random: () => 0 }).waitMs(3)).toBe(0);
  expect(new Backoff({ ...options, random: () => 0.999 }).waitMs(3)).toBeCloseTo(1_998);
});

it('never comes back sooner than the server asked, and not much later', () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(50), (ms, draw, retry) => {
      const wait = new Backoff({ ...options, random: () => draw }).waitMs(retry, ms);
      expect(wait).toBeGreaterThanOrEqual(ms);
      expect(wait).toBeLessThanOrEqual(Math.min(ms * 1.1, ms + 1_000));
    }),
  );
});
