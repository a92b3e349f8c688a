import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { Pace } from './pace.js';
import { PRIORITIES, type Priority, PriorityQueue, type Waiter } from './priority-queue.js';

let clock: ManualClock;
let seen: string[];

beforeEach(() => {
  clock = new ManualClock();
  seen = [];
});

/** A queue for a single place. */
function queueOf(limit: number, pace = new Pace(clock, () => 1)): PriorityQueue {
  return new PriorityQueue(clock, limit, pace);
}

function waiter(name: string, priority: Priority = 'normal', patienceMs = 60_000): Waiter {
  return {
    priority,
    deadline: clock.now() + patienceMs,
    go: () => seen.push(name),
    shed: (why) => seen.push(`${name} ${why}`),
  };
}

it('serves the most important first, and equals as they came', () => {
  const queue = queueOf(10);
  const order: [string, Priority][] = [
    ['l1', 'low'],
    ['n1', 'normal'],
    ['h1', 'high'],
    ['n2', 'normal'],
    ['h2', 'high'],
  ];
  for (const [name, priority] of order) expect(queue.add(waiter(name, priority))).toBe(true);
  while (queue.next());
  expect(seen).toEqual(['h1', 'h2', 'n1', 'n2', 'l1']);
});

it('lets nobody starve in a lasting crowd of what is more important', () => {
  const queue = queueOf(100);
  for (let i = 0; i < 3; i++) queue.add(waiter(`low${i}`, 'low'));
  for (let turn = 0; turn < 40; turn++) {
    clock.advance(10);
    queue.add(waiter('high', 'high'));
    queue.next();
  }
  expect(seen.filter((name) => name !== 'high')).toEqual(['low0', 'low1', 'low2']);
  expect(seen.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => 'high'));
});

it('tells those who have waited in vain of the standstill, not of the room they leave', () => {
  const pace = new Pace(clock, () => 1);
  const queue = queueOf(10, pace);
  pace.freed(500);
  let told = 0;
  queue.add({ ...waiter('a', 'normal', 8_000), shed: () => (told = queue.retryAfterMs) });
  clock.advance(8_000);
  queue.expire();
  expect([queue.size, told]).toEqual([0, 8_000]);
});

it('sheds the latest of the least important when it is full', () => {
  const queue = queueOf(3);
  for (const name of ['l1', 'l2']) queue.add(waiter(name, 'low'));
  queue.add(waiter('n1'));
  expect(queue.add(waiter('n2'))).toBe(true);
  expect(queue.add(waiter('h1', 'high'))).toBe(true);
  expect(queue.add(waiter('n3'))).toBe(false);
  expect(queue.add(waiter('l3', 'low'))).toBe(false);
  expect(seen).toEqual(['l2 crowded', 'l1 crowded', 'n3 crowded', 'l3 crowded']);
  expect(queue.size).toBe(3);
});

it('turns away whose deadline has passed, and fills their places', () => {
  const queue = queueOf(2);
  queue.add(waiter('a', 'high', 1_000));
  queue.add(waiter('b', 'low', 9_000));
  clock.advance(1_000);
  expect(queue.add(waiter('c', 'low'))).toBe(true);
  expect(seen).toEqual(['a expired']);
  clock.advance(8_000);
  expect(queue.next()).toBe(true);
  expect(queue.next()).toBe(false);
  expect(seen).toEqual(['a expired', 'b expired', 'c']);
  expect(queue.add(waiter('d', 'high', 0))).toBe(false);
  expect(seen.at(-1)).toBe('d expired');
});

it('tells at once who would wait in vain, by the pace of late', () => {
  const pace = new Pace(clock, () => 1);
  const queue = queueOf(100, pace);
  for (let i = 0; i < 10; i++) queue.add(waiter(`n${i}`, 'normal', 600_000));
  pace.freed(2_000);
  expect(queue.waitMs('normal')).toBeCloseTo(22_000);
  expect(queue.waitMs('high')).toBeCloseTo(2_000);
  expect(queue.retryAfterMs).toBeCloseTo(22_000);
  expect(queue.add(waiter('short', 'normal', 10_000))).toBe(false);
  expect(seen).toEqual(['short hopeless']);
  expect(queue.add(waiter('important', 'high', 10_000))).toBe(true);
});

it('takes no quiet time for a standstill', () => {
  const pace = new Pace(clock, () => 1);
  const queue = queueOf(10, pace);
  pace.freed(500);
  clock.advance(60_000);
  expect(queue.add(waiter('a', 'normal', 2_000))).toBe(true);
  clock.advance(1_500);
  expect(queue.add(waiter('b', 'normal', 1_400))).toBe(false);
  expect([seen, queue.retryAfterMs]).toEqual([['b hopeless'], 1_500]);
});

it('takes out who has left, without a word', () => {
  const queue = queueOf(10);
  const [a, b] = [waiter('a'), waiter('b')];
  queue.add(a);
  queue.add(b);
  expect([queue.cancel(a), queue.cancel(a)]).toEqual([true, false]);
  queue.next();
  expect(seen).toEqual(['b']);
});

it('calls each one back exactly once, never holds more than its limit, and serves nobody late', () => {
  const step = fc.record({
    what: fc.constantFrom('add', 'add', 'add', 'next', 'cancel'),
    priority: fc.constantFrom(...PRIORITIES),
    patience: fc.nat(5_000),
    ms: fc.nat(500),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const time = new ManualClock();
      const queue = new PriorityQueue(time, 7, new Pace(time, () => 1));
      const all: { calls: number; waiter: Waiter }[] = [];
      let cancelled = 0;
      for (const { what, priority, patience, ms } of steps) {
        time.advance(ms);
        if (what === 'next') queue.next();
        if (what === 'cancel' && queue.cancel(all[ms % Math.max(1, all.length)]?.waiter ?? waiter('none'))) cancelled++;
        if (what === 'add') {
          const entry = { calls: 0 } as { calls: number; waiter: Waiter };
          const deadline = time.now() + patience;
          const go = (): void => {
            entry.calls++;
            expect(time.now()).toBeLessThan(deadline);
          };
          entry.waiter = { priority, deadline, go, shed: () => entry.calls++ };
          all.push(entry);
          queue.add(entry.waiter);
        }
        expect(queue.size).toBeLessThanOrEqual(7);
      }
      while (queue.next());
      expect(all.filter(({ calls }) => calls === 0)).toHaveLength(cancelled);
      expect(all.every(({ calls }) => calls <= 1)).toBe(true);
    }),
  );
});
