import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { FirstTokenLimit, USUAL_FIRST_TOKEN } from './first-token-limit.js';

const MODEL = 'gemini-2.5-flash';
const options = { ...USUAL_FIRST_TOKEN, defaultMs: 60_000 };
let clock: ManualClock;
let limit: FirstTokenLimit;
let seed: number;

beforeEach(() => {
  clock = new ManualClock();
  limit = new FirstTokenLimit(clock, options);
  seed = 1;
});

/** Uniform and repeatable (Park and Miller, 1988). */
function random(): number {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed / 2_147_483_647;
}

/** Times as models have them: log-normal around a median, ms. */
function draw(median: number): number {
  const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  return median * Math.exp(0.6 * normal);
}

/** One call a second of a model whose first token takes `time()` ms; the share of them that were given up. */
function run(calls: number, time: () => number): number {
  let late = 0;
  for (let i = 0; i < calls; i++) {
    clock.advance(1_000);
    const most = limit.limitMs(MODEL, 0);
    const ms = time();
    if (ms <= most) {
      limit.firstToken(MODEL, 0, ms);
    } else {
      late++;
      limit.gaveUp(MODEL, 0, most, true);
    }
  }
  return late / calls;
}

describe('learning', () => {
  it('holds to the default until it knows enough', () => {
    for (let i = 0; i < 19; i++) limit.firstToken(MODEL, 0, 500);
    expect(limit.limitMs(MODEL, 0)).toBe(60_000);
    for (let i = 0; i < 3; i++) limit.firstToken(MODEL, 0, 1_000);
    // What was read holds for a second.
    expect(limit.limitMs(MODEL, 0)).toBe(60_000);
    clock.advance(1_000);
    expect(limit.limitMs(MODEL, 0)).toBeGreaterThan(2_700);
    expect(limit.limitMs(MODEL, 0)).toBeLessThan(3_300);
    expect(limit.limitMs('another', 0)).toBe(60_000);
  });

  it('never leaves its bounds', () => {
    for (let i = 0; i < 50; i++) limit.firstToken(MODEL, 0, 10);
    expect(limit.limitMs(MODEL, 0)).toBe(2_000);
    for (let i = 0; i < 50; i++) limit.firstToken('slow', 0, 170_000);
    expect(limit.limitMs('slow', 0)).toBe(180_000);
  });

  it('gives thinking its time: at first by its budget, then by what it has seen', () => {
    expect(limit.limitMs(MODEL, 8_192)).toBeGreaterThan(120_000);
    expect(limit.limitMs(MODEL, 1e9)).toBe(180_000);
    expect([limit.limitMs(MODEL, -1), limit.limitMs(MODEL)]).toEqual([60_000, 60_000]);
    for (let i = 0; i < 30; i++) {
      limit.firstToken(MODEL, 0, 500);
      limit.firstToken(MODEL, 1_024, 3_000);
      limit.firstToken(MODEL, 24_576, 20_000);
    }
    const limits = [0, 1_024, 24_576].map((thinking) => Math.round(limit.limitMs(MODEL, thinking) / 1_000));
    expect(limits).toEqual([2, 9, 58]);
  });

  it('tells quantiles for hedges, where they are known', () => {
    expect(limit.quantileMs(MODEL, 0, 0.95)).toBeUndefined();
    run(500, () => draw(1_000));
    expect(limit.quantileMs(MODEL, 0, 0.95)).toBeGreaterThan(2_200);
    expect(limit.quantileMs(MODEL, 0, 0.95)).toBeLessThan(3_300);
  });
});

describe('over time', () => {
  it('settles at about three times the 99th percentile and stays', () => {
    run(2_000, () => draw(1_000));
    for (let hour = 0; hour < 5; hour++) {
      expect(run(3_600, () => draw(1_000))).toBeLessThan(0.002);
      expect(limit.limitMs(MODEL, 0)).toBeGreaterThan(9_000);
      expect(limit.limitMs(MODEL, 0)).toBeLessThan(17_000);
    }
  });

  it('is moved neither up nor down by a few or many silent calls among good ones', () => {
    run(2_000, () => draw(1_000));
    for (const share of [0.005, 0.05, 0.3]) {
      run(5_000, () => (random() < share ? Infinity : draw(1_000)));
      expect(limit.limitMs(MODEL, 0)).toBeGreaterThan(8_000);
      expect(limit.limitMs(MODEL, 0)).toBeLessThan(18_000);
    }
  });

  it('goes back to the default in an outage, never beyond, and is itself again after it', () => {
    run(2_000, () => draw(1_000));
    const before = limit.limitMs(MODEL, 0);
    expect(run(4, () => Infinity)).toBe(1);
    expect(limit.limitMs(MODEL, 0)).toBeCloseTo(before, 0);
    for (let i = 0; i < 3_600; i++) {
      run(1, () => Infinity);
      expect(limit.limitMs(MODEL, 0)).toBeGreaterThanOrEqual(Math.floor(before));
      expect(limit.limitMs(MODEL, 0)).toBeLessThanOrEqual(60_000);
    }
    run(600, () => draw(1_000));
    expect(limit.limitMs(MODEL, 0)).toBeLessThan(20_000);
  });

  it('follows a model that has become ten times slower, and back', () => {
    run(2_000, () => draw(1_000));
    run(200, () => draw(20_000));
    expect(run(2_000, () => draw(20_000))).toBeLessThan(0.03);
    run(7_200, () => draw(1_000));
    expect(limit.limitMs(MODEL, 0)).toBeLessThan(20_000);
  });
});

it('is bounded: past a hundred models the one used longest ago is forgotten', () => {
  for (let i = 0; i < 25; i++) limit.firstToken(MODEL, 0, 500);
  for (let i = 0; i < 400; i++) {
    limit.firstToken(`invented-${i}`, 0, 500);
    if (i % 50 === 0) limit.firstToken(MODEL, 0, 500);
  }
  expect(limit.size).toBe(100);
  expect(limit.limitMs(MODEL, 0)).toBe(2_000);
});
