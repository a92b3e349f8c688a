import { expect, it } from 'vitest';
import { dayBar, dayText, type HourReading } from './day-bar.js';
import { toHtml } from './element.js';

const hour = (calls: number, failures = 0, refusals = 0, out = 0): HourReading => ({ calls, failures, refusals, out });

it('tells a day in words', () => {
  expect(dayText([null, null, hour(0)])).toBe('Last 3 hours, 2 of them not known: not asked.');
  expect(dayText([hour(10), hour(0)])).toBe('Last 2 hours: no failures.');
  expect(dayText([hour(10, 1), hour(9, 9, 0, 3600), hour(5, 0, 2, 1500)])).toBe(
    'Last 3 hours: failures in 2 hours, quota refusals in 1 hour, out of use for 1 h 25 min.',
  );
});

it('has height as well as colour for what went wrong', () => {
  const html = toHtml(dayBar([null, hour(0), hour(10), hour(10, 0, 5), hour(10, 1), hour(10, 10)]));
  const path = (tone: string): string => new RegExp(`class="bar-${tone}" d="([^"]*)"`).exec(html)?.[1] ?? '';
  const heights = (tone: string): number[] => [...path(tone).matchAll(/v-(\d+)/g)].map(([, high]) => Number(high));
  expect(heights('idle')).toEqual([1]);
  expect(heights('ok')).toEqual([2, 5]);
  expect(heights('warn')).toEqual([17]);
  expect(heights('bad')).toEqual([12, 20]);
});
