import { describe, expect, it } from 'vitest';
import { readCursor, writeCursor } from './page-cursor.js';

describe('page cursor', () => {
  it('reads what it wrote', () => {
    for (const revision of [0, 1, 42, 999_999_999_999_999]) expect(readCursor(writeCursor(revision))).toBe(revision);
  });

  it.each([
    '',
    'abc',
    '12',
    writeCursor(7) + '=',
    ` ${writeCursor(7)}`,
    writeCursor(-1),
    writeCursor(1.5),
    'A'.repeat(1e5),
  ])('refuses %j', (text) => {
    expect(readCursor(text)).toBeUndefined();
  });
});
