import { describe, expect, it } from 'vitest';
import { readCursor, writeCursor } from './page-cursor.js';

describe('page cursor', () => {
  it('reads what it wrote', () => {
    for (const revision of [0, 1, 42, 999_999_999_999_999]) {
      expect(readCursor('items', writeCursor('items', revision))).toBe(revision);
      expect(readCursor('sessions', writeCursor('sessions', revision))).toBe(revision);
    }
  });

  it.each([
    '',
    'abc',
    '12',
    writeCursor('items', 7) + '=',
    ` ${writeCursor('items', 7)}`,
    writeCursor('items', -1),
    writeCursor('items', 1.5),
    writeCursor('sessions', 7),
    'A'.repeat(1e5),
  ])('refuses %j', (text) => {
    expect(readCursor('items', text)).toBeUndefined();
  });
});
