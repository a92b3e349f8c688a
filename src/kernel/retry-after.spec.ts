import { describe, expect, it } from 'vitest';
import { headerWait } from './retry-after.js';

const NOON = Date.UTC(2026, 0, 15, 12);

describe('headerWait', () => {
  it('reads milliseconds, seconds and dates, the exact one first', () => {
    expect(headerWait({ 'retry-after': '2', 'retry-after-ms': '1500' }, NOON)).toBe(1_500);
    expect(headerWait({ 'retry-after': '2.5' }, NOON)).toBe(2_500);
    expect(headerWait({ 'retry-after': 'Thu, 15 Jan 2026 12:00:30 GMT' }, NOON)).toBe(30_000);
    expect(headerWait({ 'retry-after': 'Thu, 15 Jan 2026 11:00:00 GMT' }, NOON)).toBe(0);
  });

  it('ignores what it cannot read', () => {
    for (const value of ['', '-1', 'soon', '1e9', 'NaN', ['1', '2'], undefined]) {
      expect(headerWait({ 'retry-after': value }, NOON)).toBeUndefined();
    }
  });
});
