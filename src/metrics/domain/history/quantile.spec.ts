import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quantile } from './quantile.js';

const BOUNDS = [0.1, 0.5, 1, 5];
const bucketOf = (value: number): string => String(BOUNDS.find((bound) => value <= bound) ?? '+Inf');
const counted = (values: readonly number[]): Record<string, number> => {
  const buckets: Record<string, number> = {};
  for (const value of values) buckets[bucketOf(value)] = (buckets[bucketOf(value)] ?? 0) + 1;
  return buckets;
};

it('interpolates within the bucket, as Prometheus does', () => {
  expect(quantile(0.5, {}, BOUNDS)).toBeUndefined();
  expect(quantile(0.5, { '0.5': 4 }, BOUNDS)).toBeCloseTo(0.3);
  expect(quantile(0.5, { '0.1': 4 }, BOUNDS)).toBeCloseTo(0.05);
  expect(quantile(0.95, { '0.1': 50, '1': 50 }, BOUNDS)).toBeCloseTo(0.95);
  expect(quantile(0.95, { '0.1': 1, '+Inf': 99 }, BOUNDS)).toBe(5);
});

it('lies in the bucket of the true quantile, however the observations were spread over samples', () => {
  const times = fc.array(fc.double({ min: 0.001, max: 4.9, noNaN: true }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(times, fc.constantFrom(0.5, 0.95), (values, q) => {
      const sorted = [...values].sort((a, b) => a - b);
      const truth = sorted[Math.max(0, Math.ceil(q * values.length) - 1)]!;
      const bound = Number(bucketOf(truth));
      const low = BOUNDS.filter((one) => one < bound).at(-1) ?? 0;
      const told = quantile(q, counted(values), BOUNDS)!;
      expect(told).toBeGreaterThanOrEqual(low);
      expect(told).toBeLessThanOrEqual(bound);
    }),
  );
});
