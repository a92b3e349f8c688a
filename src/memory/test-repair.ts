import { mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import { createLog } from '../platform/logging.js';
import { type RepairReport } from './domain/repair-report.js';
import { startStore, type TestStore } from './test-store.js';

/** Items that `fill` writes. */
export const ITEMS = 120;

/** The session that `fill` adds turns to. */
export const SESSION = { namespace: '', sessionId: 's' };

/** The value that `fill` stores under `k<n>`. */
export const value = (n: number): string => `value ${n} `.repeat(1 + (n % 300));

/** A place where stores live one after another, and where their files are harmed in between. */
export class TestFiles {
  readonly parent = mkdtempSync(join(tmpdir(), 'repair-'));
  directory = join(this.parent, 'data');
  lines = '';
  readonly #opened: TestStore[] = [];

  get path(): string {
    return join(this.directory, 'l104.db');
  }

  /** Starts a store that looks often. */
  start(env: Record<string, string> = {}): TestStore {
    const log = createLog('info', 'json', { write: (line: string) => (this.lines += line) });
    const quick = { MEMORY_REOPEN_INTERVAL: '100ms', MEMORY_WATCH_INTERVAL: '50ms' };
    const made = startStore({ DATABASE_URL: `file:${this.path}`, ...quick, ...env }, log);
    this.#opened.push(made);
    return made;
  }

  /** Paths of what is in the directory, or in one of those in it. */
  files(within = ''): string[] {
    const directory = join(this.directory, within);
    return readdirSync(directory)
      .sort()
      .map((name) => join(directory, name));
  }

  /** Waits until there are so many backups. */
  backedUp(count: number): Promise<void> {
    return eventually(() => {
      expect(this.files('l104-backups').filter((name) => name.endsWith('.db'))).toHaveLength(count);
    });
  }

  /** A store that was filled up to an item, and then closed. */
  async filledAndClosed(to = ITEMS): Promise<void> {
    const first = this.start();
    await fill(first, 0, to);
    await first.store.close();
  }

  /** A store that was filled up to an item, with a backup of all of it. */
  async filledAndBackedUp(to: number): Promise<TestStore> {
    await this.filledAndClosed(to);
    rmSync(join(this.directory, 'l104-backups'), { recursive: true, force: true });
    const again = this.start();
    await this.backedUp(1);
    return again;
  }

  /** Closes all and removes it. */
  async over(): Promise<void> {
    for (const { store } of this.#opened.splice(0)) await store.close();
    rmSync(this.parent, { recursive: true, force: true });
  }
}

/** Stores items from one number up to another, removes the first again and adds a turn. */
export async function fill({ items, conversations }: TestStore, from = 0, to = ITEMS): Promise<void> {
  const writes: Promise<unknown>[] = [];
  for (let n = from; n < to; n++) writes.push(patient(() => items.put(`k${n}`, value(n))));
  await Promise.all(writes);
  await items.delete(`k${from}`);
  const turn = { userText: `q${from}`, modelText: `a${from}`, model: 'm', usage: {} };
  await conversations.append(SESSION, turn);
}

/** That everything that `fill` wrote up to here is there, as it was written. */
export async function expectAll({ items, conversations }: TestStore, to = ITEMS, fills = [0]): Promise<void> {
  const found = await items.list({ limit: 1000, prefix: '' });
  const wanted = Array.from({ length: to }, (_, n) => n).filter((n) => !fills.includes(n));
  expect(Object.fromEntries(found.items.map((item) => [item.key, item.value]))).toEqual(
    Object.fromEntries(wanted.map((n) => [`k${n}`, value(n)])),
  );
  const history = await conversations.history(SESSION);
  expect(history.map(({ userText }) => userText)).toEqual(fills.map((n) => `q${n}`));
}

/** What the last repair of a store has come to. */
export const repair = ({ store }: TestStore): RepairReport | undefined => store.status().lastRepair;

/** Waits until it holds. */
export async function eventually(check: () => void): Promise<void> {
  await vi.waitFor(check, { timeout: 10_000, interval: 20 });
}

/** As a client does it that is told to come back later. */
export async function patient<T>(task: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await task();
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'STORE_UNAVAILABLE' || tries === 100) throw error;
      await pause(50);
    }
  }
}

/** Puts noise into a file. */
export function overwrite(file: string, at: number, length: number): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(length, 0x5a), 0, length, at);
}
