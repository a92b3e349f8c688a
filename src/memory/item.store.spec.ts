import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStore, type TestStore } from './test-store.js';

const directory = mkdtempSync(join(tmpdir(), 'item-store-'));
/** Rows looked at in one go: of them a twentieth may match for a prefix to be rare. */
const SCAN = 100;
const COUNT = 600;
const keyOf = (n: number): string =>
  n < 40 ? `old/${n}` : n % 200 === 0 ? `rare/${n}` : n % 20 === 0 ? `some/${n}` : `all/${n}`;
const KEYS = Array.from({ length: COUNT }, (_, n) => keyOf(n));
let open: TestStore;
beforeAll(async () => {
  open = startStore({ DATABASE_URL: `file:${join(directory, 'l104.db')}`, MEMORY_SCAN_LIMIT: String(SCAN) });
  await Promise.all(KEYS.map((key) => open.allItems.put({ namespace: 'mine', key }, `value of ${key}`)));
  await Promise.all(KEYS.map((key) => open.allItems.put({ namespace: 'other', key }, 'of another')));
});
afterAll(async () => {
  await open.store.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('the list of items', () => {
  it.each(['', 'all/', 'a', 'some/', 'rare/', 'old/', 'none/'])(
    'shows every item with the prefix %j once, newest first, whatever the size of the pages',
    async (prefix) => {
      for (const limit of [1, 7, 1000]) {
        const seen: string[] = [];
        let before: number | undefined;
        let pages = 0;
        do {
          const page = await open.allItems.list('mine', { limit, prefix, ...(before === undefined ? {} : { before }) });
          expect(page.items.length).toBeLessThanOrEqual(limit);
          for (const { key, value } of page.items) expect(value).toBe(`value of ${key}`);
          seen.push(...page.items.map(({ key }) => key));
          if (page.next !== undefined && before !== undefined) expect(page.next).toBeLessThan(before);
          before = page.next;
          pages++;
        } while (before !== undefined);
        const expected = KEYS.filter((key) => key.startsWith(prefix)).reverse();
        expect(seen).toEqual(expected);
        expect(pages).toBe(Math.max(1, Math.ceil(expected.length / limit)));
      }
    },
  );

  it('fills a page however many rows have to be looked at for it', async () => {
    const { items, next } = await open.allItems.list('mine', { limit: 5, prefix: 'old/' });
    expect(items.map(({ key }) => key)).toEqual([39, 38, 37, 36, 35].map((n) => `old/${n}`));
    expect(next).toBeGreaterThan(0);
  });
});
