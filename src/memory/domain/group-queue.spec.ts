import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type CommitGroup, GroupQueue } from './group-queue.js';
import { QueueFull } from './task-queue.js';
import { type Write, type WriteOutcome } from './write.js';

const LIMITS = { waiting: 100, waitingBytes: 1000, group: 10, groupBytes: 100 };

const write = (value: unknown, bytes = 1): Write<unknown> => ({ needs: [], numbers: 0, bytes, decide: () => value });

/** A database that notes its groups and is done with each after a turn of the loop. */
function noting(): { groups: unknown[][]; commit: CommitGroup } {
  const groups: unknown[][] = [];
  const commit: CommitGroup = async (take) => {
    await turn();
    const values = take().map((one) => one.decide(undefined as never));
    groups.push(values);
    await turn();
    return values.map((value): WriteOutcome => (value instanceof Error ? { error: value } : { value }));
  };
  return { groups, commit };
}

describe('GroupQueue', () => {
  it('lets those that come while one is made durable share the next', async () => {
    const { groups, commit } = noting();
    const queue = new GroupQueue(LIMITS, commit);
    const first = queue.add(write('a'));
    await turn();
    const others = ['b', 'c', 'd'].map((value) => queue.add(write(value)));
    expect(queue.length).toBe(4);
    expect(await Promise.all([first, ...others])).toEqual(['a', 'b', 'c', 'd']);
    expect(groups).toEqual([['a'], ['b', 'c', 'd']]);
    expect(queue.length).toBe(0);
  });

  it('keeps groups within their limits, in order, and takes a write that is larger than any alone', async () => {
    const { groups, commit } = noting();
    const queue = new GroupQueue({ ...LIMITS, group: 3 }, commit);
    const sizes = [1, 1, 1, 1, 60, 50, 500, 1];
    await Promise.all(sizes.map((bytes, n) => queue.add(write(n, bytes))));
    expect(groups).toEqual([[0, 1, 2], [3, 4], [5], [6], [7]]);
  });

  it('is full by number and by bytes, and takes work again when there is room', async () => {
    const { commit } = noting();
    const queue = new GroupQueue({ ...LIMITS, waiting: 2, waitingBytes: 10 }, commit);
    const large = queue.add(write('large', 999));
    expect(() => queue.add(write('late'))).toThrow(QueueFull);
    await large;
    const two = [queue.add(write(1)), queue.add(write(2))];
    expect(() => queue.add(write(3))).toThrow(QueueFull);
    await Promise.all(two);
    expect(await queue.add(write(4))).toBe(4);
  });

  it('tells each write how it ended', async () => {
    const { commit } = noting();
    const queue = new GroupQueue(LIMITS, commit);
    const error = new Error('no');
    const ended = await Promise.allSettled([1, error, 3].map((value) => queue.add(write(value))));
    expect(ended).toMatchObject([{ value: 1 }, { reason: error }, { value: 3 }]);
  });

  it('is idle when all have ended, those too that came meanwhile', async () => {
    const { groups, commit } = noting();
    const queue = new GroupQueue(LIMITS, commit);
    const both = queue.add(write(1)).then(() => queue.add(write(2)));
    await queue.idle();
    await both;
    await queue.idle();
    expect(groups).toEqual([[1], [2]]);
  });
});
