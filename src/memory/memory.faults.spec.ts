import { execFileSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import sqlite3 from 'sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLog } from '../platform/logging.js';
import { type MemoryStore } from './memory.store.js';
import { startStore, type TestStore } from './test-store.js';

let directory: string;
let path: string;
let lines: string;
const opened: MemoryStore[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'memory-'));
  path = join(directory, 'l104.db');
  lines = '';
});

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  rmSync(directory, { recursive: true, force: true });
});

function start(env: Record<string, string> = {}): TestStore {
  const log = createLog('trace', 'json', { write: (line: string) => (lines += line) });
  const patience = { MEMORY_REOPEN_INTERVAL: '200ms', MEMORY_BUSY_TIMEOUT_MS: '300' };
  const started = startStore({ DATABASE_URL: `file:${path}`, ...patience, ...env }, log);
  opened.push(started.store);
  return started;
}

const state = (store: MemoryStore, wanted: string) =>
  vi.waitFor(
    () => {
      expect(store.status().state).toBe(wanted);
    },
    { timeout: 10_000, interval: 20 },
  );

/** Another process's hold on the file, as SQLite sees it: a connection outside the store. */
async function lock(): Promise<() => Promise<void>> {
  const other = new sqlite3.Database(path);
  const run = promisify(other.run.bind(other) as (sql: string, done: (error: Error | null) => void) => void);
  await run('BEGIN IMMEDIATE');
  return async () => {
    await run('ROLLBACK');
    await promisify(other.close.bind(other))();
  };
}

describe('a store that cannot be used', () => {
  it('leaves a file that is no database alone, says so, and attaches when it is gone', async () => {
    for (const [name, garbage] of Object.entries({ short: 'no', long: 'this is not a database\n'.repeat(1000) })) {
      path = join(directory, `${name}.db`);
      writeFileSync(path, garbage);
      const { store, items } = start();
      const put = items.put('my-key', 'my-value');
      await expect(put).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', status: 503 });
      await expect(put).rejects.toThrow('not an SQLite database');
      await expect(items.get('my-key')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await expect(store.check()).rejects.toThrow('not an SQLite database');
      expect(store.status()).toMatchObject({ state: 'unusable', readable: false, path: `${name}.db` });
      await pause(300);
      expect(readFileSync(path, 'utf8')).toBe(garbage);
      rmSync(path);
      await state(store, 'ready');
      await items.put('my-key', 'my-value');
      await store.close();
      expect(lines).toContain('memory_unusable');
      expect(lines).not.toMatch(/my-key|my-value/);
    }
  });

  it('waits for a directory that cannot be made', async () => {
    writeFileSync(join(directory, 'file'), '');
    path = join(directory, 'file', 'l104.db');
    const { store, items } = start();
    await state(store, 'unusable');
    expect(store.status().reason).toContain('cannot be opened');
    rmSync(join(directory, 'file'));
    await state(store, 'ready');
    await items.put('a', '1');
  });

  it('waits out a lock that is held for 3 s', async () => {
    const { store, items } = start({ MEMORY_BUSY_TIMEOUT_MS: '10s' });
    await items.put('a', '1');
    const unlock = await lock();
    const begun = Date.now();
    const put = items.put('a', '2');
    const reads = Array.from({ length: 20 }, () => items.get('a'));
    expect((await Promise.all(reads)).every((item) => item?.value === '1')).toBe(true);
    expect(Date.now() - begun).toBeLessThan(2500);
    await pause(3000);
    await unlock();
    await put;
    expect(await items.get('a')).toMatchObject({ value: '2' });
    expect(store.status().state).toBe('ready');
  });

  it('refuses writes and goes on reading while a lock outlasts its patience, and then recovers', async () => {
    const { store, items } = start();
    await items.put('a', '1');
    const unlock = await lock();
    const begun = Date.now();
    const puts = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => items.put(`b${n}`, '2')));
    // One of them waited; the others did not wait for the same lock again.
    expect(Date.now() - begun).toBeLessThan(5000);
    for (const put of puts) {
      expect(put).toMatchObject({ reason: { code: 'STORE_UNAVAILABLE', retryAfterMs: expect.any(Number) as unknown } });
    }
    expect(store.status()).toMatchObject({
      state: 'unusable',
      readable: true,
      reason: expect.stringContaining('lock') as unknown,
    });
    expect(await items.get('a')).toMatchObject({ value: '1' });
    await pause(700);
    expect(await items.get('a')).toMatchObject({ value: '1' });
    await unlock();
    await state(store, 'ready');
    await items.put('a', '3');
    expect((await items.list({ limit: 10, prefix: '' })).items).toMatchObject([{ key: 'a', value: '3' }]);
  });

  it('reads what is stored when it starts under a lock', async () => {
    const first = start();
    await first.items.put('a', '1');
    await first.store.close();
    const unlock = await lock();
    const second = start();
    expect(await second.items.get('a')).toMatchObject({ value: '1' });
    expect(second.store.status()).toMatchObject({ state: 'unusable', readable: true });
    await unlock();
    await state(second.store, 'ready');
  });

  it.skipIf(process.getuid?.() !== 0)('refuses writes and goes on reading while the disk is full', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory]);
    try {
      const { store, items } = start({ MEMORY_REOPEN_INTERVAL: '300ms' });
      await items.put('a', '1');
      const filler = join(directory, 'filler');
      writeFileSync(filler, '');
      const { bsize, bavail } = statfsSync(directory);
      writeFileSync(filler, Buffer.alloc(bsize * bavail - 40_000));
      await expect(items.put('b', 'x'.repeat(90_000))).rejects.toThrow('disk of the database file is full');
      expect(store.status()).toMatchObject({ state: 'unusable', readable: true });
      expect(await items.get('a')).toMatchObject({ value: '1' });
      expect(await items.get('b')).toBeUndefined();
      rmSync(filler);
      await state(store, 'ready');
      await items.put('b', 'x'.repeat(90_000));
      await store.close();
    } finally {
      execFileSync('umount', ['-l', directory]);
    }
  });
});

describe('the check', () => {
  it('passes on a good store and opens one that was not open', async () => {
    writeFileSync(path, 'garbage');
    const { store } = start({ MEMORY_REOPEN_INTERVAL: '10m' });
    await state(store, 'unusable');
    rmSync(path);
    await store.check();
    expect(store.status().state).toBe('ready');
  });

  it('sees pages that were damaged on the disk although the open connections do not, and repairs them', async () => {
    const { store, items } = start();
    for (let n = 0; n < 40; n++) await items.put(`k${n}`, 'v'.repeat(3000));
    await store.close();
    const { store: again, items: itemsAgain } = start();
    await itemsAgain.get('k1');
    const file = openSync(path, 'r+');
    for (let at = 4096 * 5; at + 4096 < statSync(path).size; at += 8192)
      writeSync(file, Buffer.alloc(4096, 0x5a), 0, 4096, at);
    await again.check();
    expect(again.status()).toMatchObject({ state: 'ready', lastRepair: { cause: 'corrupt', lost: null } });
    for (let n = 0; n < 40; n++) expect(await itemsAgain.get(`k${n}`)).toMatchObject({ value: 'v'.repeat(3000) });
  });
});
