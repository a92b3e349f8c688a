import { cpSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, expectAll, fill, ITEMS, patient, TestFiles, value } from './test-repair.js';

let test: TestFiles;

beforeEach(() => {
  test = new TestFiles();
});

afterEach(() => test.over());

describe('a store whose files are taken away while it is open', () => {
  const away: Record<string, () => void> = {
    'the file': () => {
      rmSync(test.path);
    },
    'the file, and another is in its place': () => {
      writeFileSync(join(test.parent, 'other'), 'x'.repeat(9000));
      renameSync(join(test.parent, 'other'), test.path);
    },
    'its log': () => {
      rmSync(`${test.path}-wal`);
    },
    'its log and the memory that belongs to it': () => {
      rmSync(`${test.path}-wal`);
      rmSync(`${test.path}-shm`);
    },
    'the redo journal': () => {
      rmSync(join(test.directory, 'l104-redo'), { recursive: true });
    },
    'the lock': () => {
      rmSync(`${test.path}.lock`);
    },
    'the backups': () => {
      rmSync(join(test.directory, 'l104-backups'), { recursive: true });
    },
    'the whole directory': () => {
      rmSync(test.directory, { recursive: true });
    },
  };

  for (const [what, take] of Object.entries(away)) {
    it(`keeps everything when it loses ${what}`, async () => {
      const first = test.start();
      await fill(first);
      await test.backedUp(1);
      take();
      await eventually(() => {
        expect(test.files().map((file) => basename(file))).toEqual(
          expect.arrayContaining(['l104-backups', 'l104-redo', 'l104.db', 'l104.db.lock']),
        );
        expect(first.store.status().state).toBe('ready');
        expect(test.files('l104-backups').filter((name) => name.endsWith('.db')).length).toBeGreaterThan(0);
      });
      await patient(() => expectAll(first));
      await fill(first, ITEMS, ITEMS + 9);
      // As if it were killed now: what is on the disk is all there is.
      const crashed = join(test.parent, 'crashed');
      cpSync(test.directory, crashed, { recursive: true });
      await first.store.close();
      test.directory = crashed;
      await expectAll(test.start(), ITEMS + 9, [0, ITEMS]);
    });
  }

  it('does not acknowledge a write that went to a file without a name', async () => {
    const first = test.start({ MEMORY_WATCH_INTERVAL: '1m' });
    await fill(first);
    rmSync(test.path);
    await expect(first.items.put('late', 'v')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await eventually(() => {
      expect(first.store.status().state).toBe('ready');
    });
    await first.items.put('later', 'v');
    expect(await first.items.get('later')).toMatchObject({ value: 'v' });
  });

  it('has everything again when the file is cut while it is open', async () => {
    const first = test.start();
    await fill(first);
    await first.store.close();
    const again = test.start();
    await again.items.put('k0', value(0));
    await again.items.delete('k0');
    truncateSync(test.path, 3 * 4096);
    await eventually(() => {
      expect(again.store.status()).toMatchObject({ state: 'ready', lastRepair: { lost: null } });
    });
    await expectAll(again);
  });
});

describe('a store whose files are as it left them', () => {
  it('is not alarmed by what it does to them itself', async () => {
    const { store, items } = test.start({
      MEMORY_REDO_BYTES: '256KiB',
      MEMORY_BACKUP_INTERVAL: '1s',
      MEMORY_LOG_BYTES: '64KiB',
      MEMORY_LOG_LIMIT_BYTES: '128KiB',
      MEMORY_VACUUM_PAGES: '1',
      MEMORY_CHECK_INTERVAL: '1s',
      MEMORY_CHECK_THOROUGH_EVERY: '1',
    });
    for (let round = 0; round < 25; round++) {
      const keys = Array.from({ length: 20 }, (_, n) => `k${n}`);
      await Promise.all(keys.map((key) => items.put(key, 'x'.repeat(3000))));
      await Promise.all(keys.slice(1).map((key) => items.delete(key)));
      await pause(60);
    }
    expect(test.lines).not.toContain('memory_unusable');
    expect(test.lines).not.toContain('memory_upkeep_failed');
    expect(test.files('l104-redo').length).toBeLessThan(40);
    expect(store.status()).toMatchObject({ state: 'ready' });
    expect(store.status().lastRepair).toBeUndefined();
  });
});

describe('two stores on one file', () => {
  it('never write it both; the second attaches when the first has gone', async () => {
    const first = test.start();
    await fill(first);
    const second = test.start();
    await second.store.open();
    expect(second.store.status()).toMatchObject({ state: 'unusable', readable: false });
    await expect(second.items.put('a', '1')).rejects.toThrow(
      `another node uses the database file (process ${process.pid})`,
    );
    await first.store.close();
    await eventually(() => {
      expect(second.store.status().state).toBe('ready');
    });
    await expectAll(second);
  });

  it('waits for the other one where that is about to leave, and no request fails for it', async () => {
    const first = test.start();
    await fill(first);
    const second = test.start({ MEMORY_LOCK_WAIT: '30s' });
    const written = second.items.put('waited', '1');
    const read = second.items.get('last');
    await first.items.put('last', '1');
    expect(second.store.status().state).toBe('opening');
    await first.store.close();
    await written;
    // What the other one has acknowledged to the very end is there.
    expect((await read)?.value).toBe('1');
    expect((await second.items.get('waited'))?.value).toBe('1');
  });

  it('gives up when the other one has it still after that', async () => {
    await fill(test.start());
    const second = test.start({ MEMORY_LOCK_WAIT: '300ms' });
    await expect(second.items.put('a', '1')).rejects.toThrow('another node uses the database file');
  });
});
