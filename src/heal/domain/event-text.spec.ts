import { expect, it } from 'vitest';
import { entryText, eventText, lastSeen } from './event-text.js';

it('writes an entry with its number as id and its kind as name, on one line of data', () => {
  const text = entryText({ number: 7, id: 'a', kind: 'heal_run', body: { reason: 'one\ntwo', number: 'mine' } });
  const data = '{"number":7,"id":"a","kind":"heal_run","reason":"one\\ntwo"}';
  expect(text).toBe(`id: 7\nevent: heal_run\ndata: ${data}\n\n`);
});

it('gives no id to what is not told again', () => {
  expect(eventText('heal_progress', {})).toBe('event: heal_progress\ndata: {}\n\n');
});

it.each([
  [undefined, 'nothing'],
  ['', 'nothing'],
  ['0', 0],
  ['1796000000123', 1_796_000_000_123],
  ['-1', 'unknown'],
  ['1.5', 'unknown'],
  ['1e3', 'unknown'],
  ['9'.repeat(16), 'unknown'],
])('reads what a reader has seen: %j', (header, seen) => {
  expect(lastSeen(header)).toBe(seen);
});
