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

it('forgets two windows later', () => {
  const rate = limiter(3);
  for (let i = 0; i < 9; i++) rate.take('a');
  clock.advance(120_000);
  expect(rate.take('a')).toMatchObject({ allowed: true, remaining: 2 });
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
      time.advance(verdict.retryAfterMs - 2);
      expect(rate.take('a').allowed).toBe(false);
      time.advance(3);
      expect(rate.take('a').allowed).toBe(true);
    }),
  );
});

it('never lets much more than the limit through in any span of a window', () => {
  const rate = limiter(100);
  const times: number[] = [];
  for (let i = 0; i < 30_000; i++) {
    clock.advance(10);
    if (rate.take('a').allowed) times.push(clock.now());
  }
  for (let i = 0; i + 150 < times.length; i++) expect(times[i + 150]! - times[i]!).toBeGreaterThan(60_000);
  expect(times.length).toBeGreaterThan(400);
});

it('is bounded under a million client ids, and those seen of late stay limited', () => {
  const rate = limiter(1, 10_000);
  rate.take('victim');
  for (let i = 0; i < 1_000_000; i++) {
    rate.take(`client-${i}`);
    if (i % 5_000 === 0) expect(rate.take('victim').allowed).toBe(false);
  }
  expect(rate.size).toBe(10_000);
  expect(rate.clear()).toBe(10_000);
  expect(rate.take('victim').allowed).toBe(true);
});

it('does not follow a wall clock that is set', () => {
  const rate = limiter(1);
  rate.take('a');
  clock.setWall(Date.UTC(2040, 0));
  expect(rate.take('a').allowed).toBe(false);
});
