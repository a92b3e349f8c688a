import { describe, expect, it } from 'vitest';
import { askedResolution, keptSeconds, MOST_POINTS, USUAL_POINTS, usualResolution } from './resolution.js';

const NOW = 1_790_000_000;
const HOUR = 3600;
const DAY = 86_400;
const last = (seconds: number): { from: number; to: number } => ({ from: NOW - seconds, to: NOW });

describe('the usual resolution', () => {
  it.each([
    ['fifteen minutes', 900, 10, 10],
    ['an hour', HOUR, 10, 10],
    ['two hours', 2 * HOUR, 20, 10],
    ['six hours', 6 * HOUR, 60, 60],
    ['a day', DAY, 300, 60],
    ['three days', 3 * DAY, 600, 60],
    ['a week', 7 * DAY, HOUR, HOUR],
    ['a quarter', 90 * DAY, 5 * HOUR + HOUR, HOUR],
    ['two years', 730 * DAY, 2 * DAY, HOUR],
  ])('of %s', (_, seconds, step, kept) => {
    expect(usualResolution(last(seconds), NOW, 90)).toEqual({ step, kept });
    expect(seconds / step).toBeLessThanOrEqual(USUAL_POINTS);
  });

  it('is coarser for what is no longer there in detail', () => {
    const hourOf = (ago: number): { from: number; to: number } => ({ from: NOW - ago, to: NOW - ago + HOUR });
    expect(usualResolution(hourOf(2 * DAY), NOW, 90)).toEqual({ step: 60, kept: 60 });
    expect(usualResolution(hourOf(20 * DAY), NOW, 90)).toEqual({ step: HOUR, kept: HOUR });
  });
});

describe('a resolution that is asked for', () => {
  it('is told from the coarsest samples that serve it', () => {
    expect(askedResolution(30, last(HOUR), NOW, 90)).toEqual({ step: 30, kept: 10 });
    expect(askedResolution(300, last(DAY), NOW, 90)).toEqual({ step: 300, kept: 60 });
    expect(askedResolution(2 * HOUR, last(DAY), NOW, 90)).toEqual({ step: 2 * HOUR, kept: HOUR });
  });

  it('is refused where nothing could be told, with the least that can be had', () => {
    expect(askedResolution(5, last(HOUR), NOW, 90)).toEqual({ problem: 'no_multiple', least: 10 });
    expect(askedResolution(15, last(HOUR), NOW, 90)).toEqual({ problem: 'no_multiple', least: 10 });
    expect(askedResolution(10, last(MOST_POINTS * 10), NOW, 90)).toEqual({ step: 10, kept: 10 });
    expect(askedResolution(10, last(MOST_POINTS * 10 + 10), NOW, 90)).toEqual({
      problem: 'too_many_points',
      least: 20,
    });
    const old = { from: NOW - 2 * DAY, to: NOW - 2 * DAY + HOUR };
    expect(askedResolution(10, old, NOW, 90)).toEqual({ problem: 'no_longer_kept', least: 60 });
    const older = { from: NOW - 20 * DAY, to: NOW - 20 * DAY + HOUR };
    expect(askedResolution(60, older, NOW, 90)).toEqual({ problem: 'no_longer_kept', least: HOUR });
  });
});

it('keeps nothing for longer than the retention', () => {
  expect([10, 60, 3600].map((step) => keptSeconds(step as 10, 90) / DAY)).toEqual([1, 14, 90]);
  expect([10, 60, 3600].map((step) => keptSeconds(step as 10, 3) / DAY)).toEqual([1, 3, 3]);
});
