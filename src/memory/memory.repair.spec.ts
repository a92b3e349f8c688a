import {
  copyFileSync,
  cpSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLog } from '../platform/logging.js';
import { type RepairReport } from './domain/repair-report.js';
import { connected } from './sqlite/connection.js';
import { startStore, type TestStore } from './test-store.js';

const ITEMS = 120;

let parent: string;
let directory: string;
let path: string;
let lines: string;
const opened: TestStore[] = [];

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'repair-'));
  directory = join(parent, 'data');
  path = join(directory, 'l104.db');
  lines = '';
});

afterEach(async () => {
  for (const { store } of opened.splice(0)) await store.close();
  rmSync(parent, { recursive: true, force: true });
});

function start(env: Record<string, string> = {}): TestStore {
  const log = createLog('info', 'json', { write: (line: string) => (lines += line) });
  const quick = { MEMORY_REOPEN_INTERVAL: '100ms', MEMORY_WATCH_INTERVAL: '50ms' };
  const made = startStore({ DATABASE_URL: `file:${path}`, ...quick, ...env }, log);
  opened.push(made);
  return made;
}

const files = (): string[] => readdirSync(directory).sort();
const redo = (): string[] =>
  readdirSync(join(directory, 'l104-redo')).map((name) => join(directory, 'l104-redo', name));
const backups = (): string[] =>
  readdirSync(join(directory, 'l104-backups')).map((name) => join(directory, 'l104-backups', name));
const value = (n: number): string => `value ${n} `.repeat(1 + (n % 300));
const session = { namespace: '', sessionId: 's' };
const turn = (n: number) => ({ userText: `q${n}`, modelText: `a${n}`, model: 'm', usage: {} });

async function fill({ items, conversations }: TestStore, from = 0, to = ITEMS): Promise<void> {
  const writes: Promise<unknown>[] = [];
  for (let n = from; n < to; n++) writes.push(patient(() => items.put(`k${n}`, value(n))));
  await Promise.all(writes);
  await items.delete(`k${from}`);
  await conversations.append(session, turn(from));
}

/** As a client does it that is told to come back later. */
async function patient<T>(task: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await task();
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'STORE_UNAVAILABLE' || tries === 100) throw error;
      await pause(50);
    }
  }
}

/** That everything that `fill` wrote up to here is there, as it was written. */
async function expectAll({ items, conversations }: TestStore, to = ITEMS, turns = [0]): Promise<void> {
  const found = await items.list({ limit: 1000, prefix: '' });
  const wanted = Array.from({ length: to }, (_, n) => n).filter((n) => !turns.includes(n));
  expect(Object.fromEntries(found.items.map((item) => [item.key, item.value]))).toEqual(
    Object.fromEntries(wanted.map((n) => [`k${n}`, value(n)])),
  );
  const history = await conversations.history(session);
  expect(history.map(({ userText }) => userText)).toEqual(turns.map((n) => `q${n}`));
}

async function filledAndClosed(): Promise<void> {
  const first = start();
  await fill(first);
  await first.store.close();
}

const repair = ({ store }: TestStore): RepairReport | undefined => store.status().lastRepair;

async function eventually(check: () => void): Promise<void> {
  await vi.waitFor(check, { timeout: 10_000, interval: 20 });
}

const backedUp = (count: number): Promise<void> =>
  eventually(() => {
    expect(backups().filter((name) => name.endsWith('.db'))).toHaveLength(count);
  });

function overwrite(file: string, at: number, length: number): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(length, 0x5a), 0, length, at);
}

describe('a store whose file is not as it was left', () => {
  const harm: Record<string, [string, () => void]> = {
    'is gone': [
      'missing',
      () => {
        rmSync(path);
      },
    ],
    'is empty': [
      'empty',
      () => {
        truncateSync(path, 0);
      },
    ],
    'is no database': [
      'not_a_database',
      () => {
        writeFileSync(path, 'x'.repeat(50_000));
      },
    ],
    'has bad pages': [
      'corrupt',
      () => {
        for (const page of [3, 7, 12, 30]) overwrite(path, page * 4096, 4096);
      },
    ],
    'has a bad first page': [
      'not_a_database',
      () => {
        overwrite(path, 0, 4096);
      },
    ],
    'was cut': [
      'corrupt',
      () => {
        truncateSync(path, 5 * 4096);
      },
    ],
  };

  for (const [what, [cause, damage]] of Object.entries(harm)) {
    it(`has everything again when it ${what}`, async () => {
      await filledAndClosed();
      damage();
      const again = start();
      await again.store.open();
      expect(repair(again)).toMatchObject({ cause, lost: null, dropped: 0 });
      await expectAll(again);
      expect(lines).toContain('"event":"memory_repaired"');
      const aside = files().filter((name) => name.includes('.damaged-'));
      expect(aside).toEqual(repair(again)?.setAside.toSorted());
      expect(aside.filter((name) => name.endsWith('Z'))).toHaveLength(cause === 'missing' ? 0 : 1);
      await fill(again, ITEMS, ITEMS + 9);
      await again.store.close();
      await expectAll(start(), ITEMS + 9, [0, ITEMS]);
    });
  }

  it('has everything again when it is that of another program', async () => {
    await filledAndClosed();
    rmSync(path);
    await connected(path, 'create', (other) => other.run('CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)'));
    const again = start();
    await expectAll(again);
    expect(repair(again)).toMatchObject({ cause: 'replaced', lost: null });
    const theirs = await connected(join(directory, repair(again)!.setAside[0]!), 'read', (other) =>
      other.all('SELECT x FROM theirs'),
    );
    expect(theirs).toEqual([{ x: 1 }]);
  });

  it('has everything again when it lacks its log, as it may after a crash', async () => {
    const first = start();
    await fill(first);
    const crashed = join(parent, 'crashed');
    cpSync(directory, crashed, { recursive: true });
    expect(statSync(join(crashed, 'l104.db-wal')).size).toBeGreaterThan(0);
    rmSync(join(crashed, 'l104.db-wal'));
    await first.store.close();
    path = join(crashed, 'l104.db');
    const again = start();
    await expectAll(again);
    expect(repair(again)).toBeUndefined();
  });

  it('has everything again when an older one is in its place, and the journal does not reach back to it', async () => {
    const first = start({ MEMORY_REDO_BYTES: '256KiB', MEMORY_BACKUP_COUNT: '1' });
    await fill(first, 0, 10);
    await first.store.close();
    copyFileSync(path, join(parent, 'older.db'));
    const second = start({ MEMORY_REDO_BYTES: '256KiB', MEMORY_BACKUP_COUNT: '1' });
    for (let n = 10; n < 600; n += 30) await fill(second, n, n + 30);
    await eventually(() => {
      expect(redo().every((name) => !name.endsWith('0000000000000001.redo'))).toBe(true);
    });
    await second.store.close();
    copyFileSync(join(parent, 'older.db'), path);
    const again = start();
    await again.store.open();
    expect(repair(again)).toMatchObject({ cause: 'outdated', lost: null });
    await expectAll(again, 610, [0, ...Array.from({ length: 20 }, (_, n) => 10 + n * 30)]);
  });
});

describe('backups', () => {
  it('are begun with, the newest good one, and the journal goes on from it', async () => {
    const first = start({ MEMORY_BACKUP_INTERVAL: '1s' });
    await fill(first, 0, 40);
    await backedUp(1);
    await fill(first, 40, 80);
    await backedUp(2);
    await fill(first, 80, ITEMS);
    await first.store.close();
    const [older, newer] = backups().sort();
    overwrite(newer!, 4096, 8192);
    rmSync(path);
    const again = start();
    await again.store.open();
    expect(repair(again)).toMatchObject({ backup: older!.split('/').at(-1), lost: null });
    expect(repair(again)!.replayed).toBeGreaterThan(0);
    await expectAll(again, ITEMS, [0, 40, 80]);
    expect(backups()).toContain(`${newer!}.bad`);
  });

  it('put in place by people are not undone, when the journal was taken away', async () => {
    const first = start();
    await fill(first, 0, 40);
    await backedUp(1);
    const [backup] = backups();
    await fill(first, 40, ITEMS);
    await first.store.close();
    rmSync(join(directory, 'l104-redo'), { recursive: true });
    copyFileSync(backup!, path);
    const again = start();
    await expectAll(again, 40);
    await fill(again, 40, 50);
    await again.store.close();
    rmSync(path);
    await expectAll(start(), 50, [0, 40]);
  });
});

describe('what can still be read', () => {
  it('is taken from the damaged file where the journal is damaged too, and the rest is told', async () => {
    const first = start();
    await fill(first, 0, 40);
    await backedUp(1);
    await fill(first, 40, 60);
    for (let n = 60; n < ITEMS; n++) await first.items.put(`k${n}`, value(n));
    await first.store.close();
    for (const segment of redo()) overwrite(segment, 0, Math.floor(statSync(segment).size * 0.9));
    // Of the pages with the newest rows some are bad.
    for (let at = 20 * 4096; at < statSync(path).size; at += 9 * 4096) overwrite(path, at, 4096);
    const again = start();
    await again.store.open();
    const report = repair(again)!;
    expect(report.cause).toBe('corrupt');
    expect(report.salvaged['memory_item']).toBeGreaterThan(20);
    expect(report.lost).not.toBeNull();
    const found = await again.items.list({ limit: 1000, prefix: '' });
    const wrong = found.items.filter((item) => item.value !== value(Number(item.key.slice(1))));
    expect(wrong).toEqual([]);
    for (let n = 1; n < 40; n++) expect(found.items.map(({ key }) => key)).toContain(`k${n}`);
    expect(found.items.length).toBeGreaterThan(80);
    expect(await again.metrics()).toContain('l104_memory_repairs_total{result="lost"} 1\n');
    // New numbers are not those of what is gone.
    await again.items.put('new', 'v');
    expect((await again.items.list({ limit: 1, prefix: '' })).items).toMatchObject([{ key: 'new' }]);
  });

  it('is taken from bad backups where nothing else is left', async () => {
    const first = start();
    await fill(first);
    await backedUp(1);
    await first.store.close();
    rmSync(join(directory, 'l104-redo'), { recursive: true });
    rmSync(path);
    overwrite(backups()[0]!, 20 * 4096, 4096);
    const again = start();
    await again.store.open();
    expect(repair(again)).toMatchObject({ backup: null, lost: { from: 1, to: null } });
    expect(repair(again)!.salvaged['memory_item']).toBeGreaterThan(60);
    expect(await again.conversations.history(session)).toHaveLength(1);
  });

  it('does not hold a row whose content is not what was stored', async () => {
    const first = start({ MEMORY_CHECK_AT_START_BYTES: '0B', MEMORY_BACKUP_INTERVAL: '1h' });
    await fill(first);
    await first.store.close();
    const bytes = readFileSync(path);
    const place = bytes.indexOf('value 77 ');
    bytes.write('VALUE', place);
    writeFileSync(path, bytes);
    const again = start({ MEMORY_CHECK_AT_START_BYTES: '0B' });
    await again.store.open();
    await expect(again.items.get('k77')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await eventually(() => {
      expect(again.store.status()).toMatchObject({ state: 'ready', lastRepair: { cause: 'corrupt', lost: null } });
    });
    await expectAll(again);
  });
});

describe('a store whose files are taken away while it is open', () => {
  const away: Record<string, () => void> = {
    'the file': () => {
      rmSync(path);
    },
    'the file, and another is in its place': () => {
      writeFileSync(join(parent, 'other'), 'x'.repeat(9000));
      renameSync(join(parent, 'other'), path);
    },
    'its log': () => {
      rmSync(`${path}-wal`);
    },
    'its log and the memory that belongs to it': () => {
      rmSync(`${path}-wal`);
      rmSync(`${path}-shm`);
    },
    'the redo journal': () => {
      rmSync(join(directory, 'l104-redo'), { recursive: true });
    },
    'the lock': () => {
      rmSync(`${path}.lock`);
    },
    'the backups': () => {
      rmSync(join(directory, 'l104-backups'), { recursive: true });
    },
    'the whole directory': () => {
      rmSync(directory, { recursive: true });
    },
  };

  for (const [what, take] of Object.entries(away)) {
    it(`keeps everything when it loses ${what}`, async () => {
      const first = start();
      await fill(first);
      await backedUp(1);
      take();
      await eventually(() => {
        expect(files()).toEqual(expect.arrayContaining(['l104-backups', 'l104-redo', 'l104.db', 'l104.db.lock']));
        expect(first.store.status().state).toBe('ready');
        expect(backups().filter((name) => name.endsWith('.db')).length).toBeGreaterThan(0);
      });
      await patient(() => expectAll(first));
      await fill(first, ITEMS, ITEMS + 9);
      // As if it were killed now: what is on the disk is all there is.
      const crashed = join(parent, 'crashed');
      cpSync(directory, crashed, { recursive: true });
      await first.store.close();
      path = join(crashed, 'l104.db');
      await expectAll(start(), ITEMS + 9, [0, ITEMS]);
    });
  }

  it('does not acknowledge a write that went to a file without a name', async () => {
    const first = start({ MEMORY_WATCH_INTERVAL: '1m' });
    await fill(first);
    rmSync(path);
    await expect(first.items.put('late', 'v')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await eventually(() => {
      expect(first.store.status().state).toBe('ready');
    });
    await first.items.put('later', 'v');
    expect(await first.items.get('later')).toMatchObject({ value: 'v' });
  });

  it('has everything again when the file is cut while it is open', async () => {
    const first = start();
    await fill(first);
    await first.store.close();
    const again = start();
    await again.items.put('k0', value(0));
    await again.items.delete('k0');
    truncateSync(path, 3 * 4096);
    await eventually(() => {
      expect(again.store.status()).toMatchObject({ state: 'ready', lastRepair: { lost: null } });
    });
    await expectAll(again);
  });
});

describe('two stores on one file', () => {
  it('never write it both; the second attaches when the first has gone', async () => {
    const first = start();
    await fill(first);
    const second = start();
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
});
