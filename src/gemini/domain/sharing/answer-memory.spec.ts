import { expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { AnswerMemory, type KeptAnswer } from './answer-memory.js';

const KIB = 1024;
const clock = new ManualClock();
const memory = (kib: number, ageMs = 10_000): AnswerMemory => new AnswerMemory(clock, { bytes: kib * KIB, ageMs });
const answer = (kib: number, text = 'x'): KeptAnswer => ({
  head: { status: 200, headers: [], model: 'm', streamed: false },
  body: Buffer.alloc(kib * KIB, text),
});

it('gives an answer back with its age, and no more once it is too old', () => {
  const made = memory(100);
  made.keep('a', answer(1, 'y'));
  clock.advance(9_999);
  expect(made.find('a')).toMatchObject({ ageMs: 9_999 });
  expect(made.find('a')?.answer.body[0]).toBe('y'.charCodeAt(0));
  clock.advance(2);
  expect(made.find('a')).toBeUndefined();
  expect([made.size, made.bytes]).toEqual([0, 0]);
});

it('is not moved by the wall clock', () => {
  const made = memory(100);
  made.keep('a', answer(1));
  clock.setWall(Date.UTC(2001, 0, 1));
  expect(made.find('a')).toMatchObject({ ageMs: 0 });
});

it('puts a newer answer in the place of an older one', () => {
  const made = memory(100);
  made.keep('a', answer(5, 'o'));
  clock.advance(6_000);
  made.keep('a', answer(1, 'n'));
  clock.advance(6_000);
  expect(made.find('a')?.answer.body[0]).toBe('n'.charCodeAt(0));
  expect([made.size, made.bytes]).toEqual([1, 2 * KIB]);
});

it('holds its limit whatever is kept: the answer used longest ago goes first', () => {
  const made = memory(8);
  for (const key of ['a', 'b', 'c', 'd']) made.keep(key, answer(1));
  expect([made.size, made.bytes]).toEqual([4, 8 * KIB]);
  made.find('a');
  made.keep('e', answer(1));
  expect(made.find('b')).toBeUndefined();
  for (const key of ['a', 'c', 'd', 'e']) expect(made.find(key), key).toBeDefined();
  for (let i = 0; i < 5_000; i++) {
    made.keep(`more-${i}`, answer(0));
    expect(made.bytes).toBeLessThanOrEqual(8 * KIB);
  }
  expect(made.size).toBe(8);
});

it('keeps no answer larger than the limit, and forgets none for it', () => {
  const made = memory(8);
  made.keep('a', answer(1));
  made.keep('b', answer(8));
  expect(made.find('b')).toBeUndefined();
  // Room is made for what fits only.
  expect(made.find('a')).toBeDefined();
});

it('makes kept answers give way to those being given, and never takes past the limit', () => {
  const made = memory(8);
  for (const key of ['a', 'b', 'c', 'd']) made.keep(key, answer(1));
  expect(made.take(5 * KIB)).toBe(true);
  expect([made.size, made.bytes]).toEqual([1, 7 * KIB]);
  expect(made.take(4 * KIB)).toBe(false);
  expect([made.size, made.bytes]).toEqual([1, 7 * KIB]);
  made.keep('e', answer(3));
  expect(made.find('e')).toBeUndefined();
  made.release(5 * KIB);
  made.keep('e', answer(3));
  expect(made.find('e')).toBeDefined();
});

it('forgets answers past their age without being asked for them', () => {
  const made = memory(1000, 8_000);
  for (let i = 0; i < 50; i++) made.keep(`old-${i}`, answer(1));
  clock.advance(8_001);
  made.keep('new', answer(1));
  expect([made.size, made.bytes]).toEqual([1, 2 * KIB]);
});

it('forgets what is kept when it is told to, and not what is being given', () => {
  const made = memory(100);
  made.take(10 * KIB);
  made.keep('a', answer(1));
  made.clear();
  expect(made.find('a')).toBeUndefined();
  expect([made.size, made.bytes]).toEqual([0, 10 * KIB]);
});
