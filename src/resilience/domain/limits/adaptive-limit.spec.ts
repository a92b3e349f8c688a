import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { AdaptiveLimit, type Place } from './adaptive-limit.js';

const BASE = 1_000;
const options = { initial: 50, floor: 10, ceiling: 400, tolerance: 2.5 };
let clock: ManualClock;
let limit: AdaptiveLimit;
let flying: { permit: Place; due: number; answers: boolean }[];
let seed: number;

beforeEach(() => {
  clock = new ManualClock();
  limit = new AdaptiveLimit(clock, options);
  flying = [];
  seed = 7;
});

function noise(): number {
  seed = (seed * 48_271) % 2_147_483_647;
  return 0.7 + (0.6 * seed) / 2_147_483_647;
}

/** An upstream that carries `capacity` attempts and slows down in proportion beyond it. */
interface Upstream {
  readonly capacity: number;
  /** Times as slow as usual, whatever the load. */
  readonly slowness?: number;
  /** Times out after this, ms. */
  readonly timeout?: number;
}

/** Lets as many callers as `demand` press for places for a time; the mean limit over its last quarter. */
function run(seconds: number, demand: number, { capacity, slowness = 1, timeout = 60_000 }: Upstream): number {
  const limits: number[] = [];
  for (let tick = 0; tick < seconds * 10; tick++) {
    clock.advance(100);
    const now = clock.now();
    for (const { permit, answers } of flying.filter(({ due }) => due <= now)) {
      if (answers) permit.firstToken();
      else permit.dropped();
      permit.leave();
    }
    flying = flying.filter(({ due }) => due > now);
    while (flying.length < demand) {
      const permit = limit.enter();
      if (permit === undefined) break;
      const ms = BASE * slowness * Math.max(1, limit.inFlight / capacity) * noise();
      flying.push({ permit, due: now + Math.min(ms, timeout), answers: ms < timeout });
    }
    limits.push(limit.limit);
  }
  const last = limits.slice(-Math.ceil(limits.length / 4));
  return last.reduce((a, b) => a + b, 0) / last.length;
}

it('finds what the upstream can carry, within its tolerance', () => {
  const settled = run(300, 1_000, { capacity: 100 });
  expect(settled).toBeGreaterThan(100);
  expect(settled).toBeLessThan(350);
  expect(limit.baselineMs).toBeLessThan(BASE * 1.5);
});

it('rises to the ceiling and no further where there is no end of room', () => {
  expect(run(300, 1_000, { capacity: 1e9 })).toBe(400);
});

it('does not grow on traffic that does not need it', () => {
  run(300, 5, { capacity: 1e9 });
  expect(limit.limit).toBe(50);
});

it('comes down with the capacity, and back up with it', () => {
  run(200, 1_000, { capacity: 150 });
  expect(run(200, 1_000, { capacity: 30 })).toBeLessThan(120);
  expect(run(200, 1_000, { capacity: 150 })).toBeGreaterThan(150);
});

describe('time-outs', () => {
  it('bring it down to the floor, however steady they are', () => {
    run(100, 1_000, { capacity: 150 });
    run(120, 1_000, { capacity: 150, timeout: 300 });
    expect(limit.limit).toBe(10);
    expect(limit.baselineMs).toBeGreaterThan(BASE / 2);
  });

  it('bring it down from the first moment on, too', () => {
    run(60, 1_000, { capacity: 150, timeout: 300 });
    expect(limit.limit).toBe(10);
    expect(limit.baselineMs).toBeUndefined();
  });

  it('are forgiven when they are few', () => {
    run(100, 1_000, { capacity: 1e9 });
    for (let i = 0; i < 1_000; i++) {
      clock.advance(50);
      const permit = limit.enter();
      if (i % 20 === 0) permit?.dropped();
      else permit?.firstToken();
      permit?.leave();
    }
    expect(limit.limit).toBeGreaterThan(300);
  });
});

describe('a long incident', () => {
  it('does not make its slowness the new normal', () => {
    run(100, 1_000, { capacity: 150 });
    const before = limit.baselineMs!;
    const early = run(120, 1_000, { capacity: 25 });
    const late = run(3_600, 1_000, { capacity: 25 });
    expect(limit.baselineMs).toBeLessThan(before * 1.3);
    expect(late).toBeLessThan(early * 1.3);
    expect(run(120, 1_000, { capacity: 150 })).toBeGreaterThan(150);
  });

  it('that slows everything alike is found out at the floor, and callers are let in again', () => {
    run(100, 300, { capacity: 1e9 });
    expect(run(120, 300, { capacity: 1e9, slowness: 6 })).toBeLessThan(100);
    expect(run(1_800, 300, { capacity: 1e9, slowness: 6 })).toBeGreaterThan(290);
    run(100, 300, { capacity: 1e9 });
    expect(limit.baselineMs).toBeLessThan(BASE * 1.5);
  });
});

it('gives each place back once, and measures each attempt once', () => {
  const small = new AdaptiveLimit(clock, { initial: 2, floor: 1, ceiling: 2, tolerance: 2 });
  const permit = small.enter();
  expect(small.enter()).toBeDefined();
  expect(small.enter()).toBeUndefined();
  permit?.leave();
  permit?.leave();
  expect(small.inFlight).toBe(1);
});

it('is halved on demand, but not below the floor, and grows back with use', () => {
  run(100, 1_000, { capacity: 1e9 });
  const before = limit.limit;
  limit.shrink();
  expect(limit.limit).toBe(Math.floor(before / 2));
  for (let i = 0; i < 20; i++) limit.shrink();
  expect(limit.limit).toBe(options.floor);
  run(300, 1_000, { capacity: 1e9 });
  expect(limit.limit).toBeGreaterThan(before / 2);
});
