import { expect, it } from 'vitest';
import { AnswerRecord } from './answer-record.js';

const record = (...texts: string[]): AnswerRecord => {
  const made = new AnswerRecord();
  for (const text of texts) made.append(Buffer.from(text));
  return made;
};

it('gives its pieces by number, in the order they came', () => {
  const made = record('a', 'bc', 'def');
  expect([0, 1, 2, 3].map((index) => made.at(index)?.toString())).toEqual(['a', 'bc', 'def', undefined]);
  expect([made.end, made.bytes]).toEqual([3, 6]);
  expect(made.body().toString()).toBe('abcdef');
});

it('forgets what lies before a number, and the memory of it', () => {
  const made = record('a', 'bc', 'def');
  made.forget(2);
  expect([made.at(0), made.at(1)]).toEqual([undefined, undefined]);
  expect([made.at(2)?.toString(), made.bytes, made.end]).toEqual(['def', 3, 3]);
  made.forget(9);
  expect([made.bytes, made.end]).toEqual([0, 3]);
  made.append(Buffer.from('g'));
  expect([made.at(3)?.toString(), made.bytes]).toEqual(['g', 1]);
});

it('copies what it holds, so that a kept body is not the upstream’s buffer', () => {
  const piece = Buffer.from('abc');
  const made = new AnswerRecord();
  made.append(piece);
  const body = made.body();
  piece.fill(0);
  expect(body.toString()).toBe('abc');
});
