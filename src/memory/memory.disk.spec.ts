import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mountFailingDisk, mountSmallDisk, type SmallDisk } from './sqlite/test-disk.js';
import { eventually, expectAll, fill, ITEMS, patient, TestFiles } from './test-repair.js';

let test: TestFiles;
let disk: SmallDisk | undefined;

beforeEach(() => {
  test = new TestFiles();
  disk = mountSmallDisk(12 * 1024);
  if (disk !== undefined) test.directory = join(disk.path, 'data');
});

afterEach(async () => {
  await test.over();
  disk?.unmount();
});

describe('a disk that is full', () => {
  it('refuses writes, is read all the same, and takes them when there is room', async () => {
    if (disk === undefined) return;
    const first = test.start();
    await fill(first);
    await test.backedUp(1);
    const free = disk.fill();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, (_, n) => first.items.put(`more${n}`, 'x'.repeat(50_000))),
    );
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const one of refused) {
      expect(one).toMatchObject({ reason: { code: 'STORE_UNAVAILABLE', status: 503 } });
      expect((one as PromiseRejectedResult).reason).toMatchObject({ retryAfterMs: expect.any(Number) as unknown });
    }
    expect(await first.items.get('k7')).toBeDefined();
    await expect(first.items.delete('k7')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    free();
    await eventually(() => {
      expect(first.store.status().state).toBe('ready');
    });
    for (const [n, { status }] of outcomes.entries()) {
      // What was refused is not there, what was acknowledged is.
      expect((await first.items.get(`more${n}`)) !== undefined, `${n} ${status}`).toBe(status === 'fulfilled');
      await patient(() => first.items.delete(`more${n}`));
    }
    await expectAll(first);
  });

  it('makes a store that starts on it wait for room', async () => {
    if (disk === undefined) return;
    const first = test.start();
    await fill(first);
    await first.store.close();
    const free = disk.fill();
    const second = test.start();
    await second.store.open();
    expect(second.store.status()).toMatchObject({ state: 'unusable', readable: true });
    await expectAll(second);
    free();
    await patient(() => fill(second, ITEMS, ITEMS + 9));
    await expectAll(second, ITEMS + 9, [0, ITEMS]);
  });

  it('leaves a damaged file as it is until there is room to repair it', async () => {
    if (disk === undefined) return;
    const first = test.start();
    await fill(first);
    await first.store.close();
    rmSync(test.path);
    const free = disk.fill();
    const second = test.start();
    await second.store.open();
    expect(second.store.status()).toMatchObject({
      state: 'unusable',
      reason: expect.stringContaining('full') as unknown,
    });
    free();
    await eventually(() => {
      expect(second.store.status()).toMatchObject({ state: 'ready', lastRepair: { cause: 'missing', lost: null } });
    });
    await expectAll(second);
  });
});

describe('a file system that is read-only', () => {
  it('makes the store wait for the day it is not', async () => {
    if (disk === undefined) return;
    const first = test.start();
    await fill(first);
    await first.store.close();
    disk.readonly(true);
    const second = test.start();
    await second.store.open();
    expect(second.store.status()).toMatchObject({
      state: 'unusable',
      reason: expect.stringContaining('read-only') as unknown,
    });
    await expect(second.items.put('a', '1')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', status: 503 });
    // What is there is read meanwhile.
    expect(second.store.status().readable).toBe(true);
    await expectAll(second);
    disk.readonly(false);
    await eventually(() => {
      expect(second.store.status().state).toBe('ready');
    });
    await expectAll(second);
  });
});

describe('a file system that turns read-only under an open store', () => {
  it('takes no write and is read on, and everything acknowledged is there when it is mended', async () => {
    const failing = mountFailingDisk(24);
    if (failing === undefined) return;
    try {
      test.directory = join(failing.path, 'data');
      const first = test.start();
      await fill(first);
      failing.fail();
      for (let n = 0; n < 5; n++) {
        await expect(first.items.put(`more${n}`, 'x')).rejects.toMatchObject({
          code: 'STORE_UNAVAILABLE',
          status: 503,
        });
        await expectAll(first);
      }
      expect(first.store.status()).toMatchObject({
        state: 'unusable',
        reason: expect.stringContaining('read-only') as unknown,
        readable: true,
      });
      await first.store.close();
      failing.mend();
      const second = test.start();
      await fill(second, ITEMS, ITEMS + 9);
      await expectAll(second, ITEMS + 9, [0, ITEMS]);
      await second.store.close();
    } finally {
      failing.unmount();
    }
  });
});
