import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { PushQueue } from './push-queue.js';

const queueOf = (clock: ManualClock, limit = 3): PushQueue<string> => new PushQueue(limit, clock, () => 1);

describe('what waits to be pushed', () => {
  it('is bounded: the oldest goes', () => {
    const queue = queueOf(new ManualClock());
    expect(['a', 'b', 'c', 'd', 'e'].map((one) => queue.add(one))).toEqual([false, false, false, true, true]);
    expect(queue.length).toBe(3);
    expect(queue.next).toBe('c');
  });

  it('goes in order, and what was dropped while it was sent takes no other with it', () => {
    const queue = queueOf(new ManualClock(), 2);
    for (const one of ['a', 'b', 'c']) queue.add(one);
    queue.done('a');
    expect(queue.next).toBe('b');
    queue.done('b');
    queue.done('c');
    expect(queue.next).toBeUndefined();
  });

  it('waits longer after each failure, up to a minute, and not at all after a success', () => {
    const clock = new ManualClock();
    const queue = queueOf(clock);
    queue.add('a');
    const waits = Array.from({ length: 8 }, () => {
      queue.failed(undefined);
      return queue.waitMs;
    });
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    clock.advance(60_000);
    expect(queue.waitMs).toBe(0);
    queue.failed(undefined);
    queue.done('a');
    expect(queue.waitMs).toBe(0);
    queue.failed(undefined);
    expect(queue.waitMs).toBe(1000);
  });

  it('waits as long as it is asked to, but not for ever', () => {
    const queue = queueOf(new ManualClock());
    queue.failed(7000);
    expect(queue.waitMs).toBe(7000);
    queue.failed(86_400_000);
    expect(queue.waitMs).toBe(300_000);
  });
});
