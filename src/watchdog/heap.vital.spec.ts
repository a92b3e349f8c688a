import { afterEach, expect, it } from 'vitest';
import { ManualClock } from '../kernel/clock.js';
import { HeapVital } from './heap.vital.js';

let vital: HeapVital;
afterEach(() => {
  vital.onModuleDestroy();
});

it('is filled by what a collection has left, and by no garbage', () => {
  vital = new HeapVital(new ManualClock());
  const read = (): { value: number; settled: number | null } => {
    const [figure] = vital.figures();
    return { value: figure?.value ?? 0, settled: figure?.fills?.settled ?? null };
  };
  // Nothing is said before the first collection.
  expect(read().settled).toBeNull();
  vital.collected();
  const before = read();
  // What is told of collections comes later than this.
  const held = Array.from({ length: 200 }, () => new Array<number>(50_000).fill(1));
  const after = read();
  expect(held).toHaveLength(200);
  expect(after.value).toBeGreaterThan(before.value);
  expect(after.settled).toBe(before.settled);
});
