import { statSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually, TestFiles } from './test-repair.js';

const KEYS = Array.from({ length: 200 }, (_, n) => `k${n}`);
const PAGE = 4096;

let test: TestFiles;

beforeEach(() => {
  test = new TestFiles();
});

afterEach(() => test.over());

it('gives the room of what is deleted back, again and again', async () => {
  const { items } = test.start({ MEMORY_VACUUM_PAGES: '8', MEMORY_LOG_BYTES: '64KiB' });
  for (let turn = 0; turn < 2; turn++) {
    await Promise.all(KEYS.map((key) => items.put(key, 'x'.repeat(3000))));
    await eventually(() => {
      expect(statSync(test.path).size).toBeGreaterThan(180 * PAGE);
    });
    await Promise.all(KEYS.map((key) => items.delete(key)));
    await eventually(() => {
      expect(statSync(test.path).size).toBeLessThan(120 * PAGE);
    });
  }
});
