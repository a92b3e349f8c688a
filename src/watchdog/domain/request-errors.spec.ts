import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../kernel/clock.js';
import { RequestErrors } from './request-errors.js';

function feed(errors: RequestErrors, outcomes: string, code = 'UPSTREAM_UNREACHABLE'): boolean[] {
  return Array.from(outcomes, (letter) =>
    errors.add({ failed: letter === 'x', code: letter === 'x' ? code : undefined }),
  );
}

describe('RequestErrors', () => {
  it('come to be too many at the threshold, and say so once', () => {
    const errors = new RequestErrors(new ManualClock(), 5);
    expect(feed(errors, 'xxxx.xxx')).toEqual([false, false, false, false, false, false, true, false]);
    expect(errors.failing).toBe(true);
    feed(errors, '.......');
    expect(errors.failing).toBe(false);
  });

  it('are too many at a steady rate of a half, which the score alone never shows', () => {
    const errors = new RequestErrors(new ManualClock(), 5);
    feed(errors, 'x.x.x.x.x');
    expect(errors.failing).toBe(false);
    feed(errors, '.x.x');
    expect(errors.score).toBeLessThan(5);
    expect(errors.failing).toBe(true);
  });

  it('forget the rate with the minute, and everything when they are told to', () => {
    const clock = new ManualClock();
    const errors = new RequestErrors(clock, 100);
    feed(errors, 'xxxxxxxxxx');
    expect(errors.rate).toBe(1);
    clock.advance(61_000);
    expect(errors.failing).toBe(false);
    feed(errors, 'xxxxxxxxxx');
    errors.forget();
    expect([errors.failing, errors.quiet, errors.failed]).toEqual([false, true, 20]);
    feed(errors, '.');
    expect(errors.quiet).toBe(false);
  });

  it('name the cause that most of them speak of', () => {
    const errors = new RequestErrors(new ManualClock(), 5);
    feed(errors, 'xxx', 'INTERNAL');
    feed(errors, 'xx', 'CIRCUIT_OPEN');
    expect([errors.cause, errors.lastFailure]).toEqual(['internal_fault', 'CIRCUIT_OPEN']);
    feed(errors, 'xx', 'STREAM_STALLED');
    expect(errors.cause).toBe('upstream_outage');
  });

  it('count who needed help, the last minute apart, and whether anybody ever came', () => {
    const clock = new ManualClock();
    const errors = new RequestErrors(clock, 5);
    expect(errors.ever).toBe(false);
    errors.add({ failed: false, helped: true, code: undefined });
    // Help that did not help is none.
    errors.add({ failed: true, helped: true, code: 'UNAVAILABLE' });
    expect([errors.helped, errors.lastMinute]).toEqual([1, { answered: 1, failed: 1 }]);
    clock.advance(61_000);
    errors.forget();
    expect([errors.helped, errors.failed, errors.lastMinute]).toEqual([1, 1, { answered: 0, failed: 0 }]);
    clock.advance(300_000);
    expect([errors.helped, errors.failed, errors.failedEver, errors.ever]).toEqual([0, 0, 1, true]);
  });
});
