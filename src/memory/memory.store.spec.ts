import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryItem } from './entities/memory-item.entity.js';
import { CheckMemoryStep } from './heal/check-memory.heal-step.js';
import { type MemoryStore } from './memory.store.js';
import { openReader, openWriter } from './sqlite/sqlite-connection.js';
import { newDatabase, testedKinds } from './test-databases.js';
import { startStore, type TestStore } from './test-store.js';

let url: string;
let started: TestStore;
const opened: MemoryStore[] = [];

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

function start(env: Record<string, string> = {}): TestStore {
  started = startStore({ DATABASE_URL: url, ...env });
  opened.push(started.store);
  return started;
}

const code = (failure: PromiseSettledResult<unknown>): unknown =>
  failure.status === 'rejected' ? (failure.reason as { code?: unknown }).code : 'ok';

describe.each(testedKinds('the store on a server'))('on %s', (kind) => {
  beforeEach(async () => {
    url = await newDatabase(kind);
  });

  describe('MemoryStore', () => {
    it('takes requests while it opens, and keeps what it acknowledged', async () => {
      const first = start();
      expect(first.store.status()).toMatchObject({ state: 'opening', readable: false, required: true });
      await first.items.put('a', '1');
      expect(first.store.status()).toMatchObject({ state: 'ready', readable: true });
      await first.store.close();
      expect(await start().items.get('a')).toMatchObject({ key: 'a', value: '1' });
    });

    it('mixes no writes: 200 of them, half failing, among 200 reads', async () => {
      const { store, items } = start();
      const seen = new Set<string>();
      const write = (n: number): Promise<void> =>
        store.write({
          needs: [],
          numbers: 1,
          bytes: 1,
          decide: (view) => {
            const row = { namespace: '', key: `k${n}`, value: 'v', bytes: 1, checksum: null, updatedAt: 0 };
            view.put('memory_item', { ...row, revision: view.number() });
            if (n % 2 === 1) throw new Error('changed my mind');
          },
        });
      const read = async (): Promise<void> => {
        for (const { key } of (await items.list({ limit: 1000, prefix: '' })).items) seen.add(key);
      };
      const writes = Array.from({ length: 200 }, (_, n) => write(n));
      const reads = Array.from({ length: 200 }, async (_, n) => {
        await pause(n / 4);
        await read();
      });
      const results = await Promise.allSettled(writes);
      await Promise.all(reads);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(100);
      await read();
      expect([...seen].sort()).toEqual(Array.from({ length: 100 }, (_, n) => `k${n * 2}`).sort());
      expect(await started.metrics()).toMatch(
        /l104_memory_writes_total{result="ok"} 100\n.*result="queue_full"} 0\n.*\n.*result="failed"} 100/s,
      );
    });

    it('does not let a statement that fails spoil the writes that share its transaction', async () => {
      const { store, items } = start();
      await items.put('first', 'v');
      const bad = store.write({
        needs: [],
        numbers: 0,
        bytes: 1,
        decide: (view) => {
          view.put('node_state', { name: 'bad', value: null, updatedAt: 0 });
        },
      });
      const results = await Promise.allSettled([items.put('a', '1'), bad, items.put('b', '2')]);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(store.status().state).toBe('ready');
      expect((await items.list({ limit: 10, prefix: '' })).items.map(({ key }) => key)).toEqual(['b', 'a', 'first']);
    });

    it('bounds the writes and the reads that wait', async () => {
      const { items } = start({ MEMORY_QUEUE_LIMIT: '5', MEMORY_READ_QUEUE_LIMIT: '3' });
      const writes = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => items.put(`k${n}`, 'v')));
      expect(writes.map(code)).toEqual([...Array<string>(5).fill('ok'), ...Array<string>(3).fill('OVERLOADED')]);
      const reads = await Promise.allSettled(Array.from({ length: 4 }, () => items.get('k0')));
      expect(reads.map(code)).toEqual(['ok', 'ok', 'ok', 'OVERLOADED']);
      expect((reads[3] as PromiseRejectedResult).reason).toMatchObject({
        status: 503,
        retryAfterMs: expect.any(Number) as unknown,
      });
      expect(await started.metrics()).toMatch(/result="queue_full"} 3\n/);
    });

    it('finishes what waits when it closes, and then refuses', async () => {
      const { store, items } = start();
      const writes = Array.from({ length: 20 }, (_, n) => items.put(`k${n}`, 'v'));
      const closed = store.close();
      await expect(items.put('late', 'v')).rejects.toMatchObject({ code: 'DRAINING' });
      await Promise.all(writes);
      await closed;
      await expect(items.get('k0')).rejects.toMatchObject({ code: 'DRAINING' });
      await expect(store.check()).rejects.toThrow();
      expect((await start().items.list({ limit: 100, prefix: '' })).items).toHaveLength(20);
    });

    it('is checked by the heal step', async () => {
      const step = new CheckMemoryStep(start().store);
      expect(step).toMatchObject({ name: 'memory_checked', level: 'light', option: 'check_memory' });
      expect(step.wanted()).toBe(true);
      await step.run();
      expect(step.state()).toEqual({ state: 'ready', reason: null, readable: true, last_repair: null });
    });

    it('shows its state and counts in the metrics', async () => {
      const { store, items } = start();
      await items.put('a', '1');
      await store.check();
      const text = await started.metrics();
      expect(text).toContain('l104_memory_state{state="ready"} 1\n');
      expect(text).toContain('l104_memory_state{state="unusable"} 0\n');
      expect(text).toContain('l104_memory_queue_length 0\n');
      expect(text).toContain('l104_memory_write_seconds_count 3\n');
    });
  });

  describe('ItemStore', () => {
    it('lists newest first in pages that no write disturbs', async () => {
      const { items } = start();
      for (let n = 0; n < 7; n++) await items.put(`k${n}`, `v${n}`);
      await items.put('k2', 'again');
      const first = await items.list({ limit: 3, prefix: '' });
      expect(first.items.map(({ key }) => key)).toEqual(['k2', 'k6', 'k5']);
      await items.put('new', 'v');
      await items.put('k6', 'again');
      await items.delete('k5');
      const second = await items.list({ limit: 3, prefix: '', before: first.next! });
      expect(second.items.map(({ key }) => key)).toEqual(['k4', 'k3', 'k1']);
      const third = await items.list({ limit: 3, prefix: '', before: second.next! });
      expect(third).toMatchObject({ items: [{ key: 'k0', value: 'v0' }], next: undefined });
    });

    it('ends exactly at the last item, and finds prefixes byte by byte', async () => {
      const { items } = start();
      for (const key of ['a', 'ab', 'aé', 'a😀', 'A', 'b', 'a%', 'a_']) await items.put(key, 'v');
      const keys = async (prefix: string): Promise<string[]> =>
        (await items.list({ limit: 10, prefix })).items.map(({ key }) => key);
      expect(await keys('a')).toEqual(['a_', 'a%', 'a😀', 'aé', 'ab', 'a']);
      expect(await keys('a%')).toEqual(['a%']);
      expect(await keys('a😀')).toEqual(['a😀']);
      expect(await keys('c')).toEqual([]);
      expect((await items.list({ limit: 8, prefix: '' })).next).toBeUndefined();
      expect((await items.list({ limit: 7, prefix: '' })).next).toBeDefined();
    });

    it('ends a page of large values early', async () => {
      const { items } = start({ MEMORY_PAGE_BYTES: '64KiB' });
      for (const key of ['a', 'b', 'c']) await items.put(key, 'é'.repeat(20_000));
      const page = await items.list({ limit: 100, prefix: '' });
      expect(page.items.map(({ key }) => key)).toEqual(['c']);
      expect((await items.list({ limit: 100, prefix: '', before: page.next! })).items.map(({ key }) => key)).toEqual([
        'b',
      ]);
    });
  });

  describe('ConversationStore', () => {
    const SESSION = { namespace: '', sessionId: 's' };
    const OTHER = { namespace: '', sessionId: 'other' };
    const turn = (n: number) => ({
      userText: `q${n}\0\uD800`,
      modelText: 'a'.repeat(6000),
      model: 'm',
      usage: { total: n },
    });

    it('keeps whole turns in order, with every character, and forgets the oldest', async () => {
      const { conversations } = start({ MEMORY_SESSION_TURNS: '4', MEMORY_SESSION_BYTES: '16KiB' });
      for (let n = 0; n < 6; n++) await conversations.append(SESSION, turn(n));
      await conversations.append(OTHER, turn(9));
      expect(await conversations.history(SESSION)).toEqual(
        [4, 5].map((n) => ({ ...turn(n), createdAt: expect.any(Number) as unknown })),
      );
      expect(await conversations.history(SESSION, 1)).toMatchObject([turn(5)]);
      expect(await conversations.delete(SESSION)).toBe(true);
      expect(await conversations.delete(SESSION)).toBe(false);
      expect(await conversations.history(SESSION)).toEqual([]);
      expect(await conversations.history(OTHER)).toHaveLength(1);
    });
  });
});

describe('in a file', () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'memory-'));
    path = join(directory, 'not', 'yet', 'there.db');
    url = `file:${path}`;
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it('makes the directory, and leaves in it nothing but the file', async () => {
    const first = start();
    expect(first.store.status()).toMatchObject({ path: 'there.db' });
    await first.items.put('a', '1');
    await first.store.close();
    expect(readdirSync(join(directory, 'not', 'yet'))).toEqual(['there-redo', 'there.db', 'there.db.lock']);
  });

  it('acknowledges after a commit that others can see, on a connection that forces commits to the disk', async () => {
    const { items } = start();
    await items.put('a', '1');
    const other = await openReader({ path, busyTimeoutMs: 0 });
    expect(await other.manager.findOneBy(MemoryItem, { key: 'a' })).toMatchObject({ value: '1' });
    await other.destroy();
    const writer = await openWriter({ path, busyTimeoutMs: 5000 });
    const pragmas = [];
    for (const name of ['synchronous', 'journal_mode', 'foreign_keys', 'busy_timeout'])
      pragmas.push(...(await writer.query<unknown[]>(`PRAGMA ${name}`)));
    await writer.destroy();
    expect(pragmas).toEqual([{ synchronous: 2 }, { journal_mode: 'wal' }, { foreign_keys: 1 }, { timeout: 5000 }]);
  });
});
