import { describe, expect, it } from 'vitest';
import { QueueFull, TaskQueue } from './task-queue.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('TaskQueue', () => {
  it('runs one task at a time in the order they came', async () => {
    const queue = new TaskQueue(10, 1);
    const seen: string[] = [];
    const task = (name: string, ms: number) => async (): Promise<void> => {
      seen.push(`${name} begins`);
      await pause(ms);
      seen.push(`${name} ends`);
    };
    await Promise.all([queue.run(task('a', 5)), queue.run(task('b', 0)), queue.run(task('c', 1))]);
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('runs as many at once as it is wide', async () => {
    const queue = new TaskQueue(10, 3);
    let running = 0;
    let most = 0;
    const task = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await pause(2);
      running--;
    };
    await Promise.all(Array.from({ length: 10 }, () => queue.run(task)));
    expect(most).toBe(3);
    expect(queue.length).toBe(0);
  });

  it('goes on after a task that fails, and tells only its caller', async () => {
    const queue = new TaskQueue(10, 1);
    const failing = queue.run(() => Promise.reject(new Error('no')));
    const next = queue.run(() => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    await expect(next).resolves.toBe('yes');
  });

  it('refuses a task past its limit and takes the next when there is room again', async () => {
    const queue = new TaskQueue(2, 1);
    const both = [queue.run(() => pause(1)), queue.run(() => pause(1))];
    expect(() => queue.run(() => pause(0))).toThrow(QueueFull);
    expect(queue.length).toBe(2);
    await Promise.all(both);
    expect(queue.length).toBe(0);
    await expect(queue.run(() => Promise.resolve(1))).resolves.toBe(1);
  });

  it('is idle when what it held has ended, also by failing', async () => {
    const queue = new TaskQueue(10, 1);
    let done = false;
    const failing = queue.run(() => Promise.reject(new Error('no'))).catch(() => undefined);
    void queue.run(async () => {
      await pause(3);
      done = true;
    });
    await queue.idle();
    expect(done).toBe(true);
    await failing;
  });
});
