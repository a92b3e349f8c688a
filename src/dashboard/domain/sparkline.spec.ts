import { describe, expect, it } from 'vitest';
import { toHtml } from './element.js';
import { type LinePoint } from './recent-reading.js';
import { sparkline } from './sparkline.js';

const drawn = (values: readonly (number | null)[], from: 'zero' | 'lowest' = 'zero'): string =>
  toHtml(
    sparkline(
      values.map((value, n): LinePoint => [n * 60, value]),
      { from, write: (value) => `${value}/min` },
    ),
  );
const path = (html: string): string => / d="([^"]*)"/.exec(html)?.[1] ?? '';

describe('a small line', () => {
  it('goes from zero to the highest, and breaks where nothing is known', () => {
    expect(path(drawn([0, 10, null, 5, 5]))).toBe('M0.0 22.0h.1L30.0 2.0M90.0 12.0h.1L120.0 12.0');
  });

  it('may begin at the lowest, where all is nearly full', () => {
    expect(path(drawn([0.98, 1], 'lowest'))).toBe('M0.0 22.0h.1L120.0 2.0');
    expect(path(drawn([1, 1], 'lowest'))).toBe('M0.0 2.0h.1L120.0 2.0');
    expect(path(drawn([0, 0]))).toBe('M0.0 22.0h.1L120.0 22.0');
  });

  it('is told in words too', () => {
    expect(drawn([3, null, 7, 5])).toContain(
      '<span class="unseen">Last hour: lowest 3/min, highest 7/min, last 5/min.</span>',
    );
  });

  it('claims nothing where nothing is known', () => {
    const html = drawn([null, null]);
    expect(html).toContain('Nothing in the last hour.');
    expect(html).not.toContain('<path');
  });
});
