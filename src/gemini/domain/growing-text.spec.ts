import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { GrowingText } from './growing-text.js';

const PIECES = 20_000;

/** A piece as it comes out of an event: a string of its own, and never the same twice. */
const piece = (at: number): string => JSON.parse(`"${`word ${at} `.padEnd(20, 'abc de')}"`) as string;

function grown(): GrowingText {
  const text = new GrowingText();
  for (let at = 0; at < PIECES; at++) text.append(piece(at));
  return text;
}

it('holds what was put together', () => {
  const text = new GrowingText();
  expect(text.value).toBe('');
  let expected = '';
  for (let at = 0; at < 500; at++) {
    text.append(piece(at));
    expected += piece(at);
    expect(text.value).toBe(expected);
  }
});

it('takes little more memory than the text itself', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const before = process.memoryUsage().heapUsed;
  const texts = Array.from({ length: 20 }, grown);
  collect();
  const each = (process.memoryUsage().heapUsed - before) / texts.length;
  expect(texts[0]?.value).toHaveLength(PIECES * 20);
  expect(each).toBeLessThan(1.5 * PIECES * 20);
});
