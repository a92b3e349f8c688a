import { expect, it } from 'vitest';
import { RECENT_SECONDS, recentSpan, recentValues } from './recent.js';
import { EMPTY_SAMPLE, type Sample } from './sample.js';
import { type Series } from './series.js';

const NOW = 10_005;
const sample = (judged: number, letDown = 0): Sample => ({
  ...EMPTY_SAMPLE,
  seconds: 10,
  counts: { judged, let_down: letDown },
});
const placed = (at: number, judged: number): { at: number; sample: Sample } => ({ at, sample: sample(judged) });
const series: Series[] = [
  { name: 'rate', unit: '', help: '', shown: { as: 'rate', of: 'judged' } },
  { name: 'answered', unit: '', help: '', shown: { as: 'share_without', of: 'judged', part: 'let_down' } },
];

it('counts the last minutes, and what has happened since the last sample', () => {
  const old = placed(NOW - RECENT_SECONDS - 5, 1000);
  const running = { ...EMPTY_SAMPLE, seconds: 5, counts: { judged: 1, let_down: 1 } };
  const span = recentSpan([old, placed(9980, 3), placed(9990, 6)], running, NOW);
  expect(span.covered).toBe(25);
  expect(span.sample.counts).toEqual({ judged: 10, let_down: 1 });
  expect(recentValues(span, series, () => [])).toEqual({ rate: 24, answered: 0.9 });
});

it('never covers more than it says, whatever the samples add up to', () => {
  const many = Array.from({ length: 40 }, (_, n) => placed(NOW - RECENT_SECONDS + n, 1));
  expect(recentSpan(many, EMPTY_SAMPLE, NOW).covered).toBe(RECENT_SECONDS);
});

it('lets one failure among millions be seen', () => {
  const span = recentSpan([{ at: 9990, sample: sample(10_000_000, 1) }], EMPTY_SAMPLE, NOW);
  expect(recentValues(span, series, () => [])['answered']).toBeLessThan(1);
});

it('knows nothing of a time it has not seen', () => {
  expect(recentValues(recentSpan([], EMPTY_SAMPLE, NOW), series, () => [])).toEqual({ rate: null, answered: null });
});
