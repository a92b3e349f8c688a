import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { MovingQuantile } from './moving-quantile.js';

const HALF_LIFE = 300_000;

function close(value: number | undefined, to: number): void {
  expect(value).toBeGreaterThanOrEqual(to / 1.06);
  expect(value).toBeLessThanOrEqual(to * 1.06);
}

it('is right to within its bucket', () => {
  const times = fc.array(fc.integer({ min: 1, max: 3_000_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(times, fc.constantFrom(0.01, 0.5, 0.9, 0.99, 1), (list, q) => {
      const moving = new MovingQuantile(new ManualClock(), HALF_LIFE);
      for (const ms of list) moving.add(ms);
      const sorted = [...list].sort((a, b) => a - b);
      close(moving.quantile(q), sorted[Math.max(0, Math.ceil(q * list.length - 1e-9) - 1)]!);
      expect(moving.weight).toBeCloseTo(list.length, 6);
    }),
  );
});

it('says nothing without samples', () => {
  expect(new MovingQuantile(new ManualClock(), HALF_LIFE).quantile(0.5)).toBeUndefined();
});

it('forgets: a sample counts half after the half-life', () => {
  const clock = new ManualClock();
  const moving = new MovingQuantile(clock, HALF_LIFE);
  for (let i = 0; i < 100; i++) moving.add(1_000);
  clock.advance(HALF_LIFE);
  expect(moving.weight).toBeCloseTo(50, 6);
  for (let i = 0; i < 60; i++) moving.add(8_000);
  close(moving.quantile(0.5), 8_000);
});

it('goes on for years, idle or not', () => {
  const clock = new ManualClock();
  const moving = new MovingQuantile(clock, HALF_LIFE);
  for (let i = 0; i < 2_000; i++) {
    clock.advance(HALF_LIFE / 3);
    moving.add(2_000);
  }
  close(moving.quantile(0.99), 2_000);
  expect(moving.weight).toBeLessThan(10);
  clock.advance(1e12);
  expect(moving.weight).toBeCloseTo(0);
  moving.add(500);
  close(moving.quantile(0.5), 500);
});

it('takes time-outs for longer than they waited, and leaves those that never answer out', () => {
  const moving = new MovingQuantile(new ManualClock(), HALF_LIFE);
  for (let i = 0; i < 50; i++) moving.add(1_000);
  for (let i = 0; i < 50; i++) moving.addCensored(1_500);
  for (let i = 0; i < 50; i++) moving.add(2_000);
  // A third came within 1 s; the 50 given up at 1.5 s went the way of the others, to 2 s.
  close(moving.quantile(0.3), 1_000);
  close(moving.quantile(0.4), 2_000);
  for (let i = 0; i < 100; i++) moving.addCensored(60_000);
  close(moving.quantile(1), 2_000);
  expect(moving.weight).toBeCloseTo(100);
});

it('knows nothing from time-outs alone', () => {
  const moving = new MovingQuantile(new ManualClock(), HALF_LIFE);
  moving.addCensored(1_000);
  expect(moving.quantile(0.5)).toBeUndefined();
});

it('finds the true quantile although a third was given up early', () => {
  const moving = new MovingQuantile(new ManualClock(), HALF_LIFE);
  // Times spread evenly over 1..1000 ms; every third call gives up at a moment of its own.
  for (let i = 0; i < 3_000; i++) {
    const time = 1 + ((i * 617) % 1_000);
    const patience = i % 3 === 0 ? 1 + ((i * 389) % 1_000) : Infinity;
    if (time <= patience) moving.add(time);
    else moving.addCensored(patience);
  }
  const median = moving.quantile(0.5)!;
  expect(median).toBeGreaterThan(460);
  expect(median).toBeLessThan(540);
});

it('takes what is no time for the shortest, and what is beyond its range for the longest', () => {
  const moving = new MovingQuantile(new ManualClock(), HALF_LIFE);
  for (const ms of [Number.NaN, -5, 0]) moving.add(ms);
  expect(moving.quantile(1)).toBe(1);
  moving.add(Infinity);
  expect(moving.quantile(1)).toBeGreaterThan(6_000_000);
});
