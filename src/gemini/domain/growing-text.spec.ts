import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { GrowingText } from './growing-text.js';
import { type JsonText, TextScan } from './json-text.js';
import { memoryOf } from './memory-of.js';

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

it('holds all of it where nobody asks in between, and goes on growing afterwards', () => {
  const text = new GrowingText();
  const pieces = Array.from({ length: 1000 }, (_, at) => piece(at));
  pieces.push('é'.repeat(5000), '', 'x');
  for (let turn = 1; turn <= 3; turn++) {
    for (const each of pieces) text.append(each);
    const expected = pieces.join('').repeat(turn);
    expect(text).toHaveLength(expected.length);
    expect(text.value).toBe(expected);
  }
});

/** A piece as it stands in an event. */
function unread(text: string): [JsonText, DataView] {
  const bytes = Buffer.from(`{"text":${JSON.stringify(text)}}`);
  const memory = memoryOf(bytes);
  const scan = new TextScan();
  if (!scan.read(memory, bytes.byteOffset + 8, bytes.byteOffset + bytes.length)) throw new Error('no string');
  return [scan, memory];
}

it('holds pieces that it has not read, in their order among the others', () => {
  const text = new GrowingText();
  const long = 'a "long" one, 長い \n 😀 '.repeat(3000);
  let expected = '';
  for (let turn = 0; turn < 3; turn++) {
    for (let at = 0; at < 3000; at++) {
      const said = at % 700 === 0 ? long : `${at % 3 === 0 ? 'größe\n' : 'word'} ${at} `;
      if (at % 500 === 0) text.append(said);
      else text.appendUnread(...unread(said));
      expected += said;
      if (at % 1000 === 0) expect(text).toHaveLength(expected.length);
    }
    expect(text.value).toBe(expected);
    expect(text).toHaveLength(expected.length);
  }
});

it('takes about twice the bytes of what it has not read, at most', () => {
  const texts = Array.from({ length: 20 }, () => new GrowingText());
  const before = process.memoryUsage().arrayBuffers;
  for (const text of texts) for (let at = 0; at < PIECES; at++) text.appendUnread(...unread(piece(at)));
  const each = (process.memoryUsage().arrayBuffers - before) / texts.length;
  expect(each).toBeLessThan(2 * PIECES * 20);
  expect(texts[0]?.value.startsWith(piece(0) + piece(1))).toBe(true);
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
