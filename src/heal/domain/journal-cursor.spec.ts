import { expect, it } from 'vitest';
import { readJournalCursor, writeJournalCursor } from './journal-cursor.js';

it('names the place it was made of', () => {
  const place = { number: 1_796_000_000_123, id: '0123456789abcdef' };
  const cursor = writeJournalCursor(place);
  expect(cursor).toMatch(/^[\w-]+$/);
  expect(readJournalCursor(cursor)).toEqual(place);
});

it.each([
  '',
  'x',
  '5',
  `${writeJournalCursor({ number: 5, id: 'a' })}=`,
  'r5',
  writeJournalCursor({ number: -1, id: 'a' }),
])('is not %j', (text) => {
  expect(readJournalCursor(text)).toBeUndefined();
});
