import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { QuietTimer } from './quiet-timer.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A timer that looks every 10 ms, and is told of quiet after three looks that found none. */
function watched(): { sign: () => void; told: string[]; timer: QuietTimer } {
  let signs = 0;
  const told: string[] = [];
  const timer = new QuietTimer(10, 3, {
    signs: () => signs,
    onQuiet: () => told.push('quiet'),
    onSigns: () => told.push('signs'),
  });
  return { sign: () => signs++, told, timer };
}

it('tells of quiet again and again, until it is stopped', () => {
  const { told, timer } = watched();
  vi.advanceTimersByTime(29);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(31);
  expect(told).toEqual(['quiet', 'quiet']);
  timer.stop();
  vi.advanceTimersByTime(100);
  expect(told).toHaveLength(2);
});

it('counts the quiet anew from each sign, however many looks found none before', () => {
  const { told, sign } = watched();
  for (let turn = 0; turn < 4; turn++) {
    vi.advanceTimersByTime(25);
    sign();
    vi.advanceTimersByTime(5);
  }
  expect(told).toEqual(['signs', 'signs', 'signs', 'signs']);
  vi.advanceTimersByTime(30);
  expect(told.at(-1)).toBe('quiet');
});

it('tells of signs once in a look, and of none that came before it began', () => {
  const { told, sign } = watched();
  sign();
  sign();
  vi.advanceTimersByTime(20);
  expect(told).toEqual(['signs']);
});
