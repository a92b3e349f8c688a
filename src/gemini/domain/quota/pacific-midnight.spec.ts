import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextPacificMidnight } from './pacific-midnight.js';

const HOUR = 3_600_000;

it('knows summer, winter and the two days on which the clocks change', () => {
  const cases = [
    ['2026-01-15T12:00:00Z', '2026-01-16T08:00:00Z'],
    ['2026-07-15T12:00:00Z', '2026-07-16T07:00:00Z'],
    // Spring forward, 8 March 2026: the day has 23 hours.
    ['2026-03-08T08:00:00Z', '2026-03-09T07:00:00Z'],
    ['2026-03-08T07:59:59Z', '2026-03-08T08:00:00Z'],
    // Fall back, 1 November 2026: the day has 25 hours.
    ['2026-11-01T07:00:00Z', '2026-11-02T08:00:00Z'],
    ['2026-12-31T20:00:00Z', '2027-01-01T08:00:00Z'],
  ] as const;
  for (const [at, next] of cases) {
    expect(new Date(nextPacificMidnight(Date.parse(at))).toISOString()).toBe(next.replace('Z', '.000Z'));
  }
});

it('is always a midnight, ahead, and the first one', () => {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/Los_Angeles', timeStyle: 'medium' });
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) }), (wall) => {
      const next = nextPacificMidnight(wall);
      expect(format.format(next)).toBe('00:00:00');
      expect(next).toBeGreaterThan(wall);
      expect(next - wall).toBeLessThanOrEqual(25 * HOUR);
      expect(nextPacificMidnight(next - 1)).toBe(next);
    }),
    { numRuns: 300 },
  );
});
