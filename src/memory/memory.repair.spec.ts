import { copyFileSync, cpSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connected } from './sqlite/connection.js';
import { openStill } from './sqlite/sqlite-connection.js';
import { eventually, expectAll, fill, ITEMS, overwrite, repair, TestFiles } from './test-repair.js';

let test: TestFiles;

beforeEach(() => {
  test = new TestFiles();
});

afterEach(() => test.over());

describe('a store whose file is not as it was left', () => {
  const harm: Record<string, [string, () => void]> = {
    'is gone': [
      'missing',
      () => {
        rmSync(test.path);
      },
    ],
    'is empty': [
      'empty',
      () => {
        truncateSync(test.path, 0);
      },
    ],
    'is no database': [
      'not_a_database',
      () => {
        writeFileSync(test.path, 'x'.repeat(50_000));
      },
    ],
    'has bad pages': [
      'corrupt',
      () => {
        for (const page of [3, 7, 12, 30]) overwrite(test.path, page * 4096, 4096);
      },
    ],
    'has a bad first page': [
      'not_a_database',
      () => {
        overwrite(test.path, 0, 4096);
      },
    ],
    'was cut': [
      'corrupt',
      () => {
        truncateSync(test.path, 5 * 4096);
      },
    ],
  };

  for (const [what, [cause, damage]] of Object.entries(harm)) {
    it(`has everything again when it ${what}`, async () => {
      await test.filledAndClosed();
      damage();
      const again = test.start();
      await again.store.open();
      expect(repair(again)).toMatchObject({ cause, lost: null, dropped: 0 });
      await expectAll(again);
      expect(test.lines).toContain('"event":"memory_repaired"');
      const aside = test
        .files()
        .map((file) => basename(file))
        .filter((name) => name.includes('.damaged-'));
      expect(aside).toEqual(repair(again)?.setAside.toSorted());
      expect(aside.filter((name) => name.endsWith('Z'))).toHaveLength(cause === 'missing' ? 0 : 1);
      await fill(again, ITEMS, ITEMS + 9);
      await again.store.close();
      await expectAll(test.start(), ITEMS + 9, [0, ITEMS]);
    });
  }

  it('has everything again when it is that of another program', async () => {
    await test.filledAndClosed();
    rmSync(test.path);
    await connected(test.path, 'create', (other) =>
      other.run('CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)'),
    );
    const again = test.start();
    await expectAll(again);
    expect(repair(again)).toMatchObject({ cause: 'replaced', lost: null });
    const theirs = await connected(join(test.directory, repair(again)!.setAside[0]!), 'read', (other) =>
      other.all('SELECT x FROM theirs'),
    );
    expect(theirs).toEqual([{ x: 1 }]);
  });

  it('is finished when a repair was cut off between setting the old aside and putting the new in place', async () => {
    await test.filledAndClosed();
    renameSync(test.path, `${test.path}.restored`);
    writeFileSync(`${test.path}-wal`, 'of the old one');
    writeFileSync(`${test.path}.restoring`, 'half of one');
    const again = test.start();
    await expectAll(again);
    expect(repair(again)).toBeUndefined();
    const names = test.files().map((file) => basename(file));
    expect(names.filter((name) => /restor/.test(name))).toEqual([]);
    expect(names.filter((name) => name.includes('.damaged-'))).toHaveLength(1);
  });

  it('goes on with the old one when a repair was cut off before that', async () => {
    await test.filledAndClosed();
    writeFileSync(`${test.path}.restored`, 'a whole one, but older');
    const again = test.start();
    await expectAll(again);
    expect(test.files().filter((name) => /restor|damaged/.test(name))).toEqual([]);
  });

  it('has everything again when it lacks its log, as it may after a crash', async () => {
    const first = test.start();
    await fill(first);
    const crashed = join(test.parent, 'crashed');
    cpSync(test.directory, crashed, { recursive: true });
    expect(statSync(join(crashed, 'l104.db-wal')).size).toBeGreaterThan(0);
    rmSync(join(crashed, 'l104.db-wal'));
    await first.store.close();
    test.directory = crashed;
    const again = test.start();
    await expectAll(again);
    expect(repair(again)).toBeUndefined();
  });

  it('is gone on with when a crash cut off the step in which it became one with a write-ahead log', async () => {
    await test.filledAndClosed();
    const crashed = join(test.parent, 'crashed');
    await connected(test.path, 'write', async (writer) => {
      // As a repair leaves it; then a change whose pages went to the file, and which was never ended.
      await writer.all('PRAGMA journal_mode = DELETE');
      await writer.all('PRAGMA cache_size = 1');
      await writer.run(`BEGIN; UPDATE memory_item SET value = 'half of a change'`);
      cpSync(test.directory, crashed, { recursive: true });
    });
    test.directory = crashed;
    expect(statSync(`${test.path}-journal`).size).toBeGreaterThan(0);
    await expect(openStill({ path: test.path, busyTimeoutMs: 0 })).rejects.toMatchObject({ kind: 'readonly' });
    const again = test.start();
    await expectAll(again);
    expect(repair(again)).toBeUndefined();
  });

  it('has everything again when an older one is in its place, and the journal does not reach back to it', async () => {
    const first = test.start({ MEMORY_REDO_BYTES: '256KiB', MEMORY_BACKUP_COUNT: '1' });
    await fill(first, 0, 10);
    await first.store.close();
    copyFileSync(test.path, join(test.parent, 'older.db'));
    const second = test.start({ MEMORY_REDO_BYTES: '256KiB', MEMORY_BACKUP_COUNT: '1' });
    for (let n = 10; n < 600; n += 30) await fill(second, n, n + 30);
    await eventually(() => {
      expect(test.files('l104-redo').every((name) => !name.endsWith('0000000000000001.redo'))).toBe(true);
    });
    await second.store.close();
    copyFileSync(join(test.parent, 'older.db'), test.path);
    const again = test.start();
    await again.store.open();
    expect(repair(again)).toMatchObject({ cause: 'outdated', lost: null });
    await expectAll(again, 610, [0, ...Array.from({ length: 20 }, (_, n) => 10 + n * 30)]);
  });
});

describe('backups', () => {
  it('are begun with, the newest good one, and the journal goes on from it', async () => {
    const first = test.start({ MEMORY_BACKUP_INTERVAL: '1s' });
    await fill(first, 0, 40);
    await test.backedUp(1);
    await fill(first, 40, 80);
    await test.backedUp(2);
    await fill(first, 80, ITEMS);
    await first.store.close();
    const [older, newer] = test.files('l104-backups').sort();
    overwrite(newer!, 4096, 8192);
    rmSync(test.path);
    const again = test.start();
    await again.store.open();
    expect(repair(again)).toMatchObject({ backup: older!.split('/').at(-1), lost: null });
    expect(repair(again)!.replayed).toBeGreaterThan(0);
    await expectAll(again, ITEMS, [0, 40, 80]);
    expect(test.files('l104-backups')).toContain(`${newer!}.bad`);
  });

  it('put in place by people are not undone, when the journal was taken away', async () => {
    const first = await test.filledAndBackedUp(40);
    const [backup] = test.files('l104-backups');
    await fill(first, 40, ITEMS);
    await first.store.close();
    rmSync(join(test.directory, 'l104-redo'), { recursive: true });
    copyFileSync(backup!, test.path);
    const again = test.start();
    await expectAll(again, 40);
    await fill(again, 40, 50);
    await again.store.close();
    rmSync(test.path);
    await expectAll(test.start(), 50, [0, 40]);
  });
});
