import { describe, expect, it } from 'vitest';
import { trendOf } from './trend.js';

const levels = (...used: number[]): { at: number; used: number }[] => used.map((one, i) => ({ at: i * 10, used: one }));

describe('a trend', () => {
  it('is the middle of all slopes, whatever one reading says', () => {
    const { slopes, slope, level } = trendOf(levels(0, 10, 20, 900, 40, 50), 60);
    expect(slopes).toHaveLength(15);
    expect([...slopes]).toEqual([...slopes].sort((a, b) => a - b));
    expect([slope, level]).toEqual([1, 60]);
  });

  it('lies between the two in the middle where they are even in number', () => {
    // Slopes 1, 2, 3 between neighbours, 1.5, 2.5 and 2 between others.
    expect(trendOf(levels(0, 10, 30, 60), 30).slope).toBe(2);
    expect(trendOf(levels(0, 0, 0, 60), 30).slope).toBe(1);
    expect(trendOf(levels(7, 8), 10)).toMatchObject({ slope: 0.1, level: 8 });
  });
});
