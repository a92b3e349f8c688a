import { beforeEach, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { type Place } from './adaptive-limit.js';
import { BulkheadBook } from './bulkhead-book.js';
import { Bulkhead } from './bulkhead.js';
import { type Priority } from './priority-queue.js';

const OPTIONS = { limit: { initial: 2, floor: 1, ceiling: 10, tolerance: 2.5 }, queue: 3 };
let clock: ManualClock;
let bulkhead: Bulkhead;
let told: string[];
let places: Place[];

beforeEach(() => {
  clock = new ManualClock();
  bulkhead = new Bulkhead(clock, OPTIONS);
  told = [];
  places = [];
});

function wait(name: string, priority: Priority = 'normal', patienceMs = 60_000): () => void {
  return bulkhead.wait({
    priority,
    deadline: clock.now() + patienceMs,
    go: (place) => {
      told.push(name);
      places.push(place);
    },
    shed: (why, retryAfterMs) => told.push(`${name} ${why} ${retryAfterMs}`),
  });
}

function fill(): Place[] {
  const taken = [bulkhead.enter(), bulkhead.enter()];
  expect(bulkhead.enter()).toBeUndefined();
  return taken as Place[];
}

it('gives a place that is left to the most important one who waits', () => {
  const [first, second] = fill();
  wait('low', 'low');
  wait('high', 'high');
  expect([bulkhead.waiting, bulkhead.hasRoom]).toEqual([2, false]);
  first?.leave();
  first?.leave();
  expect(told).toEqual(['high']);
  second?.leave();
  expect(told).toEqual(['high', 'low']);
  expect([bulkhead.inFlight, bulkhead.waiting]).toEqual([2, 0]);
});

it('lets nobody pass those who wait', () => {
  const [first] = fill();
  wait('a');
  wait('b');
  first?.leave();
  expect(told).toEqual(['a']);
  expect(bulkhead.enter()).toBeUndefined();
  places[0]?.leave();
  expect(told).toEqual(['a', 'b']);
});

it('serves those who wait also when the limit rises', () => {
  bulkhead = new Bulkhead(clock, { ...OPTIONS, limit: { ...OPTIONS.limit, initial: 20, ceiling: 30 } });
  const taken = Array.from({ length: 20 }, () => bulkhead.enter());
  wait('a');
  clock.advance(2_000);
  for (const place of taken) place?.firstToken();
  expect(told).toEqual(['a']);
  expect(bulkhead.inFlight).toBe(21);
});

it('turns away who is too many, with the time that it may take, and who has waited too long', () => {
  const [first] = fill();
  for (const name of ['a', 'b', 'c', 'd']) wait(name, 'normal', 5_000);
  expect(told).toEqual(['d crowded 2000']);
  clock.advance(5_000);
  bulkhead.expire();
  expect(told.slice(1).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'a expired',
    'b expired',
    'c expired',
  ]);
  first?.leave();
  expect(bulkhead.hasRoom).toBe(true);
});

it('tells the time that it really takes where places fall free in waves', () => {
  bulkhead = new Bulkhead(clock, { limit: { ...OPTIONS.limit, initial: 100, ceiling: 100 }, queue: 300 });
  let wave = Array.from({ length: 100 }, () => bulkhead.enter() as Place);
  for (let i = 0; i < 300; i++) wait(`${i}`);
  wait('too many');
  expect(told).toEqual(['too many crowded 3010']);
  let passed = 0;
  while (bulkhead.waiting > 0) {
    clock.advance(1_500);
    passed += 1_500;
    for (const place of wave) place.leave();
    wave = places.splice(0);
    wait('one more', 'normal', 5_000);
  }
  // The latest of them too was let in: it waited for less than what it was ready to wait.
  expect(passed).toBeLessThan(7_000);
  expect(told.filter((line) => line.includes('hopeless'))).toEqual([]);
});

it('says nothing to who has given up waiting', () => {
  const [first] = fill();
  wait('a')();
  first?.leave();
  expect([told, bulkhead.inFlight]).toEqual([[], 1]);
});

it('keeps bulkheads apart, and their number bounded', () => {
  const book = new BulkheadBook(clock, 2);
  const a = book.get('a', OPTIONS);
  const held = [a.enter(), a.enter()];
  expect(a.enter()).toBeUndefined();
  expect(book.get('b', OPTIONS).enter()).toBeDefined();
  // Neither is idle: what is new shares one.
  const shared = book.get('c', OPTIONS);
  expect(book.get('d', OPTIONS)).toBe(shared);
  expect(book.list().map(([name]) => name)).toEqual(['a', 'b', 'other']);
  for (const place of held) place?.leave();
  const e = book.get('e', OPTIONS);
  expect(e).not.toBe(shared);
  expect(book.list().map(([name]) => name)).toEqual(['b', 'e', 'other']);
  expect(book.get('e', OPTIONS)).toBe(e);
});

it('forgets invented names before those that are in use', () => {
  const book = new BulkheadBook(clock, 3);
  const used = book.get('used', OPTIONS);
  for (let i = 0; i < 20; i++) {
    book.get(`invented-${i}`, OPTIONS);
    expect(book.get('used', OPTIONS)).toBe(used);
  }
  expect(book.list()).toHaveLength(3);
});
