import { copyFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../kernel/clock.js';
import { MemoryVital } from './memory.vital.js';
import { connected } from './sqlite/connection.js';
import { storeIdOf } from './sqlite/verified-file.js';
import { expectAll, fill, ITEMS, repair, TestFiles } from './test-repair.js';

let test: TestFiles;
/** Where another store has lived, with other items, and more writes. */
let other: TestFiles;

beforeEach(async () => {
  [test, other] = [new TestFiles(), new TestFiles()];
  await test.filledAndClosed(40);
  const first = other.start();
  await fill(first, 40, ITEMS);
  for (let n = 0; n < 20; n++) await first.items.put('theirs', `written ${n}`);
  await first.store.close();
});

afterEach(async () => {
  await test.over();
  await other.over();
});

const names = (within = ''): string[] => test.files(within).map((file) => basename(file));
const takeFrom = (from: TestFiles, name: string): void => {
  rmSync(join(test.directory, name), { recursive: true, force: true });
  cpSync(join(from.directory, name), join(test.directory, name), { recursive: true });
};

/** A store with a backup and the journal behind it, closed. */
async function backedUp(): Promise<void> {
  rmSync(test.directory, { recursive: true });
  const again = await test.filledAndBackedUp(40);
  await fill(again, 40, 50);
  await again.store.close();
}

describe('the file of another store', () => {
  it('is set aside unread, and this one is there again', async () => {
    takeFrom(other, 'l104.db');
    const theirs = readFileSync(test.path);
    const again = test.start();
    await expectAll(again, 40);
    expect(repair(again)).toMatchObject({ cause: 'foreign', lost: null, dropped: 0, salvaged: {} });
    const aside = repair(again)!.setAside.find((name) => name.endsWith('Z'));
    expect(readFileSync(join(test.directory, aside!)).equals(theirs)).toBe(true);
    expect(test.lines).toContain('"cause":"foreign"');
    expect(new MemoryVital(again.store, systemClock).read()?.reason).toContain(
      'its file was of another store and is set aside',
    );
    await fill(again, 40, 50);
    await again.store.close();
    rmSync(test.path);
    await expectAll(test.start(), 50, [0, 40]);
  });

  it('is set aside too where only backups tell, and what they may lack is told', async () => {
    await backedUp();
    rmSync(join(test.directory, 'l104-redo'), { recursive: true });
    takeFrom(other, 'l104.db');
    const again = test.start();
    await again.store.open();
    expect(repair(again)).toMatchObject({ cause: 'foreign', lost: { to: null } });
    expect(await again.items.get('theirs')).toBeUndefined();
    expect(await again.items.get('k39')).toBeDefined();
  });

  it('is used together with its journal, and the backups here are kept apart', async () => {
    await backedUp();
    const [backup] = names('l104-backups');
    for (const name of ['l104.db', 'l104-redo']) takeFrom(other, name);
    const again = test.start();
    expect(await again.items.get('theirs')).toMatchObject({ value: 'written 19' });
    expect(await again.items.get('k1')).toBeUndefined();
    expect(repair(again)).toBeUndefined();
    expect(names('l104-backups')).toContain(`${backup!}.foreign`);
    expect(test.lines).toContain('"event":"memory_foreign_files"');
  });

  it('is not read either where this one cannot be made anew', async () => {
    takeFrom(other, 'l104.db');
    const obstacle = join(test.directory, 'l104-redo', '0000000000000000.redo');
    mkdirSync(obstacle);
    const again = test.start();
    await again.store.open();
    expect(again.store.status()).toMatchObject({ state: 'unusable', readable: false });
    expect(again.store.status().reason).toContain('of another store');
    rmSync(obstacle, { recursive: true });
    await again.store.open();
    await expectAll(again, 40);
  });

  it('shows also when that is a copy of this one that went on elsewhere', async () => {
    rmSync(other.directory, { recursive: true });
    mkdirSync(other.directory);
    copyFileSync(test.path, other.path);
    const elsewhere = other.start();
    await expectAll(elsewhere, 40);
    await fill(elsewhere, 40, 90);
    await elsewhere.store.close();
    expect(await storeIdOf(other.path)).not.toBe(await storeIdOf(test.path));
    takeFrom(other, 'l104.db');
    const again = test.start();
    await expectAll(again, 40);
    expect(repair(again)).toMatchObject({ cause: 'foreign', lost: null });
  });
});

describe('the journal of another store', () => {
  it('is kept apart where file and backups are of this one', async () => {
    await backedUp();
    takeFrom(other, 'l104-redo');
    const again = test.start();
    await expectAll(again, 50, [0, 40]);
    expect(repair(again)).toBeUndefined();
    expect(names('l104-redo').every((name) => name.endsWith('.foreign'))).toBe(true);
    await fill(again, 50, 60);
    await again.store.close();
    rmSync(test.path);
    await expectAll(test.start(), 60, [0, 40, 50]);
  });

  it('is kept apart where it is mixed with that of this one', async () => {
    cpSync(join(other.directory, 'l104-redo'), join(test.directory, 'l104-redo'), { recursive: true });
    rmSync(test.path);
    const again = test.start();
    await again.store.open();
    // The file is gone, so that one of the two it is; never both.
    const [mine, theirs] = [await again.items.get('k1'), await again.items.get('theirs')];
    expect([mine, theirs].filter((item) => item !== undefined)).toHaveLength(1);
    expect(names('l104-redo').filter((name) => name.endsWith('.foreign'))).toHaveLength(1);
  });
});

describe('an older copy of this store', () => {
  it('gets what it lacks from the journal', async () => {
    copyFileSync(test.path, join(test.parent, 'older.db'));
    const again = test.start();
    await fill(again, 40, 60);
    await again.store.close();
    copyFileSync(join(test.parent, 'older.db'), test.path);
    const third = test.start();
    await expectAll(third, 60, [0, 40]);
    expect(repair(third)).toBeUndefined();
  });

  it('is one of this store also where it has no id yet, nor have its journal and its backups', async () => {
    await backedUp();
    const bare = (name: string): string => name.replace(/-[0-9a-f]{32}/, '');
    for (const within of ['l104-redo', 'l104-backups']) {
      for (const file of test.files(within)) renameSync(file, join(test.directory, within, bare(basename(file))));
    }
    const forget = "DROP TABLE store_identity; DELETE FROM l104_migration WHERE name LIKE 'IdentifyStore%'";
    const before = (await storeIdOf(test.path))!;
    await connected(test.path, 'write', (connection) => connection.run(forget));
    const again = test.start();
    await expectAll(again, 50, [0, 40]);
    expect(repair(again)).toBeUndefined();
    await fill(again, 50, 60);
    await again.store.close();
    const id = (await storeIdOf(test.path))!;
    expect(id).not.toBe(before);
    expect(names('l104-redo').at(-1)).toContain(id);
    rmSync(test.path);
    const third = test.start();
    await expectAll(third, 60, [0, 40, 50]);
    expect(await storeIdOf(test.path)).toBe(id);
  });
});
