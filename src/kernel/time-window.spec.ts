import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ManualClock } from './clock.js';
import { TimeWindow } from './time-window.js';

it('counts what happened within the span and forgets the rest', () => {
  const clock = new ManualClock();
  const window = new TimeWindow<'ok' | 'bad'>(clock, 60_000, 6);
  window.add('ok');
  clock.advance(30_000);
  window.add('ok');
  window.add('bad');
  expect([window.count('ok'), window.count('bad')]).toEqual([2, 1]);
  clock.advance(35_000);
  expect(window.count('ok')).toBe(1);
  clock.advance(3_600_000);
  expect(window.count('ok')).toBe(0);
});

it('agrees with a list of times to within one slot', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20_000), { maxLength: 50 }), (steps) => {
      const clock = new ManualClock();
      const window = new TimeWindow<'x'>(clock, 60_000, 6);
      const times: number[] = [];
      for (const step of steps) {
        clock.advance(step);
        window.add('x');
        times.push(clock.now());
        const within = (span: number): number => times.filter((time) => time > clock.now() - span).length;
        expect(window.count('x')).toBeGreaterThanOrEqual(within(50_000));
        expect(window.count('x')).toBeLessThanOrEqual(within(60_001));
      }
    }),
  );
});
