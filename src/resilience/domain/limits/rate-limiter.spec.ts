import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { RateLimiter } from './rate-limiter.js';

let clock: ManualClock;

beforeEach(() => {
  clock = new ManualClock();
});

function limiter(requests: number, clients = 1_000): RateLimiter {
  return new RateLimiter(clock, { requests, windowMs: 60_000, clients });
}

it('lets a client send its requests, and another its own', () => {
  const rate = limiter(3);
  expect([1, 2, 3].map(() => rate.take('a').remaining)).toEqual([2, 1, 0]);
  expect(rate.take('a')).toMatchObject({ allowed: false, remaining: 0 });
  expect(rate.take('b')).toMatchObject({ allowed: true, remaining: 2, retryAfterMs: 0 });
});

it('looks without counting and without remembering', () => {
  const rate = limiter(2);
  expect(rate.look('a')).toEqual({ allowed: true, remaining: 2, resetMs: 0, restoredMs: 0, retryAfterMs: 0 });
  expect(rate.size).toBe(0);
  rate.take('a');
  rate.take('a');
  expect(rate.look('a')).toEqual(rate.take('a'));
  clock.advance(58_799);
  expect(rate.look('a').remaining).toBe(0);
  clock.advance(1_201);
  expect(rate.look('a').remaining).toBe(2);
});

it('tells when all is as if nothing had been sent', () => {
  const rate = limiter(10);
  clock.advance(20_000);
  const { restoredMs } = rate.take('a');
  expect(restoredMs).toBe(59_200);
  clock.advance(restoredMs - 1);
  expect(rate.look('a')).toMatchObject({ remaining: 9, restoredMs: 1 });
  clock.advance(1);
  expect(rate.look('a')).toMatchObject({ remaining: 10, restoredMs: 0 });
});

it('gives a client that waits for a window all its requests again, whenever it began', () => {
  for (let phase = 0; phase < 120_000; phase += 777) {
    const rate = limiter(3);
    clock.advance(phase);
    for (let i = 0; i < 9; i++) rate.take('a');
    const { retryAfterMs } = rate.take('a');
    expect(retryAfterMs).toBeGreaterThan(58_800);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
    clock.advance(60_000);
    expect([1, 2, 3, 4].map(() => rate.take('a').allowed)).toEqual([true, true, true, false]);
  }
});

it('tells a wait that is true: not sooner, and then it is so', () => {
  const step = fc.record({ ms: fc.nat(30_000), sent: fc.nat(12) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 8 }), (steps, requests) => {
      const time = new ManualClock();
      const rate = new RateLimiter(time, { requests, windowMs: 60_000, clients: 10 });
      for (const { ms, sent } of steps) {
        time.advance(ms);
        for (let i = 0; i < sent; i++) rate.take('a');
      }
      const verdict = rate.take('a');
      if (verdict.allowed) return;
      expect(verdict.retryAfterMs).toBeGreaterThan(0);
      expect(verdict.resetMs).toBe(verdict.retryAfterMs);
      time.advance(verdict.retryAfterMs - 2);
      expect(rate.take('a').allowed).toBe(false);
      time.advance(2);
      expect(rate.take('a').allowed).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

it('tells how long what is left is all there is', () => {
  const step = fc.record({ ms: fc.double({ min: 0, max: 30_000, noNaN: true }), sent: fc.nat(6) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 8 }), (steps, requests) => {
      const time = new ManualClock();
      const rate = new RateLimiter(time, { requests, windowMs: 60_000, clients: 10 });
      for (const { ms, sent } of steps) {
        time.advance(ms);
        for (let i = 0; i < sent; i++) rate.take('a');
      }
      const { remaining, resetMs } = rate.look('a');
      if (remaining === requests) return;
      time.advance(Math.max(0, resetMs - 2));
      expect(rate.look('a').remaining).toBeLessThanOrEqual(remaining);
      time.advance(2);
      expect(rate.look('a').remaining).toBeGreaterThan(remaining);
    }),
    { numRuns: 1_000 },
  );
});

it('says of busy clients what it would say if it remembered everybody', () => {
  const step = fc.record({ ms: fc.nat(40_000), client: fc.nat(3), strangers: fc.nat(20) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const time = new ManualClock();
      const all = new RateLimiter(time, { requests: 3, windowMs: 60_000, clients: 1_000_000 });
      const rate = new RateLimiter(time, { requests: 3, windowMs: 60_000, clients: 200 });
      let stranger = 0;
      for (const { ms, client, strangers } of steps) {
        time.advance(ms);
        expect(rate.take(`client-${client}`)).toEqual(all.take(`client-${client}`));
        // All four are seen again before half of the 200 places have gone to others.
        for (let i = 0; i < strangers; i++) rate.take(`stranger-${stranger++}`);
        for (let i = 0; i < 4; i++) expect(rate.take(`client-${i}`)).toEqual(all.take(`client-${i}`));
      }
      expect(rate.size).toBeLessThanOrEqual(200);
    }),
  );
});

it('never lets more than the limit through in any span of nearly a window', () => {
  const rate = limiter(100);
  const times: number[] = [];
  for (let i = 0; i < 30_000; i++) {
    clock.advance(10);
    if (rate.take('a').allowed) times.push(clock.now());
  }
  for (let i = 0; i + 100 < times.length; i++) expect(times[i + 100]! - times[i]!).toBeGreaterThan(58_000);
  expect(times.length).toBeGreaterThan(400);
});

it('is bounded under a million client ids, and those seen of late stay limited', () => {
  const rate = limiter(1, 10_000);
  rate.take('victim');
  for (let i = 0; i < 1_000_000; i++) {
    rate.take(`client-${i}`);
    if (i % 5_000 === 0) expect(rate.take('victim').allowed).toBe(false);
  }
  expect(rate.size).toBeGreaterThanOrEqual(5_000);
  expect(rate.size).toBeLessThanOrEqual(10_000);
  expect(rate.clear()).toBeGreaterThanOrEqual(5_000);
  expect(rate.size).toBe(0);
  expect(rate.take('victim').allowed).toBe(true);
});

it('takes a million ids of the longest kind in seconds and some megabytes', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const rate = limiter(1_000, 100_000);
  collect();
  const before = process.memoryUsage().heapUsed;
  const began = performance.now();
  let most = 0;
  for (let i = 0; i < 1_000_000; i++) {
    rate.take(`${i}`.padStart(64, 'f'));
    most = Math.max(most, rate.size);
  }
  const took = performance.now() - began;
  collect();
  expect(most).toBe(100_000);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(50 * 1024 * 1024);
  // Some 0.5 s on a quiet core; looking for the oldest of so many would take minutes.
  expect(took).toBeLessThan(15_000);
  expect(rate.take('f'.repeat(58) + '999999').remaining).toBe(998);
});

it('lets go of clients that are gone, once somebody asks again', () => {
  const rate = limiter(1, 10_000);
  for (let i = 0; i < 4_000; i++) rate.take(`client-${i}`);
  for (let i = 0; i < 3; i++) {
    clock.advance(120_000);
    rate.take('other');
  }
  expect(rate.size).toBe(1);
});

it('does not follow a wall clock that is set', () => {
  const rate = limiter(1);
  rate.take('a');
  clock.setWall(Date.UTC(2040, 0));
  expect(rate.take('a').allowed).toBe(false);
});
