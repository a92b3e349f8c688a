import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLog } from '../../platform/logging.js';
import { type MemoryStore } from '../memory.store.js';
import { startStore, type TestStore } from '../test-store.js';
import { hasPostgres, TestServer } from './test-server.js';
import { TestProxy } from './test-proxy.js';

/** Longest a request may wait, and what a busy machine may add. */
const TIMEOUT_MS = 2000;
const SLACK_MS = 2000;

const present = hasPostgres('a server that fails');
let server: TestServer;
let url: string;
let lines: string;
const opened: MemoryStore[] = [];

beforeAll(async () => {
  if (present) server = await TestServer.start(['max_connections=20']);
});

afterAll(async () => {
  await (server as TestServer | undefined)?.remove();
});

beforeEach(async () => {
  url = await server.newDatabase();
  lines = '';
});

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

function start(address = url): TestStore {
  const log = createLog('trace', 'json', { write: (line: string) => (lines += line) });
  const patience = { MEMORY_REOPEN_INTERVAL: '200ms', MEMORY_STATEMENT_TIMEOUT: `${TIMEOUT_MS}ms` };
  const started = startStore({ DATABASE_URL: address, ...patience }, log);
  opened.push(started.store);
  return started;
}

const state = (store: MemoryStore, wanted: string) =>
  vi.waitFor(
    () => {
      expect(store.status().state).toBe(wanted);
    },
    { timeout: 15_000, interval: 20 },
  );

async function refusal(work: Promise<unknown>): Promise<string> {
  const [result] = await Promise.allSettled([work]);
  expect(result).toMatchObject({
    reason: { code: 'STORE_UNAVAILABLE', status: 503, retryAfterMs: expect.any(Number) as unknown },
  });
  return ((result as PromiseRejectedResult).reason as Error).message;
}

describe.skipIf(!present)('a server', () => {
  it('that is restarted is found again, and keeps what was acknowledged', async () => {
    const { store, items } = start();
    await items.put('a', '1');
    await Promise.all(Array.from({ length: 10 }, () => items.get('a')));
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
      await server.end(signal);
      expect(await refusal(items.put('b', '2'))).toMatch(/does not answer|stopping/);
      expect(await refusal(items.get('a'))).toMatch(/does not answer|stopping/);
      expect(store.status()).toMatchObject({ state: 'unusable', readable: false });
      await server.begin(['max_connections=20']);
      await state(store, 'ready');
      expect(await items.get('a')).toMatchObject({ value: '1' });
      await items.put('b', '3');
    }
    expect(lines).toContain('memory_unusable');
  });

  it('that was restarted between two requests is not noticed', async () => {
    const { items } = start();
    await items.put('a', '1');
    await Promise.all(Array.from({ length: 10 }, () => items.get('a')));
    await server.end();
    await server.begin(['max_connections=20']);
    await items.put('a', '2');
    expect(await items.get('a')).toMatchObject({ value: '2' });
  });

  it('that kills connections at work delays what they were for', async () => {
    const { store, items } = start();
    await items.put('a', '0');
    const sessions = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'l104-node'`;
    const work = { over: false };
    const killing = (async () => {
      while (!work.over) await server.query(sessions);
    })();
    const acknowledged: string[] = [];
    for (let n = 0; n < 40; n++) {
      const key = `k${n}`;
      await Promise.all([items.put(key, key).then(() => acknowledged.push(key)), items.get('a')]).catch(
        () => undefined,
      );
      if (store.status().state !== 'ready') await state(store, 'ready');
    }
    work.over = true;
    await killing;
    await state(store, 'ready');
    expect(acknowledged.length).toBeGreaterThan(10);
    const { items: found } = await items.list({ limit: 100, prefix: 'k' });
    expect(found.map(({ key }) => key)).toEqual(expect.arrayContaining(acknowledged));
  });

  it('that stands still makes no request wait longer than the limit, and is found again', async () => {
    const { store, items } = start();
    await items.put('a', '1');
    await Promise.all(Array.from({ length: 4 }, () => items.get('a')));
    server.signal('SIGSTOP');
    try {
      const begun = Date.now();
      const waiting = [
        ...Array.from({ length: 20 }, (_, n) => items.put(`b${n}`, '2')),
        ...Array.from({ length: 50 }, () => items.get('a')),
      ];
      await Promise.all(waiting.map(refusal));
      expect(Date.now() - begun).toBeLessThan(TIMEOUT_MS + SLACK_MS);
      const later = Date.now();
      await Promise.all([refusal(items.put('c', '3')), refusal(items.get('a'))]);
      expect(Date.now() - later).toBeLessThan(500);
      expect(store.status()).toMatchObject({ state: 'unusable', readable: false });
    } finally {
      server.signal('SIGCONT');
    }
    await state(store, 'ready');
    expect(await items.get('a')).toMatchObject({ value: '1' });
    expect((await items.list({ limit: 100, prefix: 'b' })).items).toEqual([]);
    await items.put('b0', '3');
  });

  it('that stands still does not keep the node from closing', async () => {
    const { store, items } = start();
    await items.put('a', '1');
    server.signal('SIGSTOP');
    const begun = Date.now();
    try {
      await store.close();
    } finally {
      server.signal('SIGCONT');
    }
    expect(Date.now() - begun).toBeLessThan(2 * TIMEOUT_MS + SLACK_MS);
  });

  it('that takes no writes is read', async () => {
    const first = start();
    await first.items.put('a', '1');
    await first.store.close();
    const name = new URL(url).pathname.slice(1);
    await server.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    const { store, items } = start();
    expect(await refusal(items.put('a', '2'))).toContain('takes no writes');
    expect(await items.get('a')).toMatchObject({ value: '1' });
    expect(store.status()).toMatchObject({ state: 'unusable', readable: true });
    await server.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
    await server.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'l104-node'`);
    await state(store, 'ready');
    await items.put('a', '2');
  });

  it('that has no room for another connection is asked again', async () => {
    const name = new URL(url).pathname.slice(1);
    await server.query(`CREATE ROLE guest LOGIN PASSWORD 'guest'; ALTER DATABASE ${name} CONNECTION LIMIT 0`);
    await server.query(`GRANT ALL ON SCHEMA public TO guest`, name);
    const { store, items } = start(server.url(name, { user: 'guest', password: 'guest' }));
    expect(await refusal(items.put('a', '1'))).toContain('no more connections');
    await server.query(`ALTER DATABASE ${name} CONNECTION LIMIT -1`);
    await state(store, 'ready');
    await items.put('a', '1');
  });

  it.each([
    ['a wrong password', () => server.url('postgres', { password: 'hunter2' }), /refuses the user or the password/],
    ['a database that is not there', () => server.url('hunter2'), /no database of this name/],
    ['no certificate', () => server.url('postgres', { parameters: '?sslmode=require' }), /certificate/],
    ['nobody there', () => 'postgres://u:hunter2@127.0.0.1:9/db', /does not answer/],
    ['no such host', () => 'postgres://u:hunter2@host.invalid/db', /does not answer/],
    ['no socket', () => 'postgres://u:hunter2@/db?host=/nowhere', /does not answer/],
    ['no certificate file', () => 'postgres://u:hunter2@/db?sslrootcert=/nowhere', /does not answer/],
  ])('is told apart: %s', async (_, address, reason) => {
    const { store, items } = start(address());
    expect(await refusal(items.put('a', '1'))).toMatch(reason);
    await state(store, 'unusable');
    expect(store.status().reason).toMatch(reason);
    await expect(store.check()).rejects.toThrow(reason);
    const shown = JSON.stringify(store.status()) + lines;
    expect(lines).toContain('memory_unusable');
    expect(shown).not.toContain('not-to-be-shown');
    if (address() !== server.url('hunter2')) expect(shown).not.toContain('hunter2');
  });

  it('in another encoding is refused', async () => {
    await server.query(
      `CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER libc`,
    );
    expect(await refusal(start(server.url('latin')).items.put('a', '1'))).toContain('UTF-8');
  });

  it('is reached over TLS, and only where its certificate is trusted', async () => {
    const { certificate, settings } = server.makeCertificate();
    await server.end();
    await server.begin(settings);
    const name = new URL(url).pathname.slice(1);
    for (const parameters of ['sslmode=require', `sslrootcert=${certificate}&sslmode=verify-ca`]) {
      const { items, store } = start(server.url(name, { parameters: `?${parameters}` }));
      await items.put('a', '1');
      const [row] = await server.query<{ ssl: boolean }>(
        `SELECT bool_and(ssl) AS ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'l104-node'`,
      );
      expect(row).toEqual({ ssl: true });
      await store.close();
    }
    for (const parameters of ['sslmode=verify-full', `sslmode=verify-full&sslrootcert=${certificate}`])
      expect(await refusal(start(server.url(name, { parameters: `?${parameters}` })).items.get('a'))).toContain(
        'no certificate that the node trusts',
      );
    await server.end();
    await server.begin(['max_connections=20']);
  });
});

describe.skipIf(!present)('a commit whose answer is lost', () => {
  it.each(['is cut before', 'is cut after'] as const)(
    'is done once and acknowledged: the connection %s',
    async (fate) => {
      const { proxy, url: through } = await TestProxy.start(url);
      const { store, items, allItems, conversations } = start(through);
      await items.put('a', '1');
      const session = { namespace: '', sessionId: 's' };
      proxy.fate = fate;
      await conversations.append(session, { userText: 'q', modelText: 'a', model: 'm', usage: {} });
      expect(await conversations.history(session)).toHaveLength(1);
      proxy.fate = fate;
      const revision = await allItems.put({ namespace: '', key: 'once' }, '1', { is: 'absent' });
      expect(await items.get('once')).toMatchObject({ value: '1', revision });
      expect(proxy.commits).toBeGreaterThan(3);
      await store.close();
      await proxy.end();
    },
  );

  it('is said to be unknown where nobody can be asked, and a conditional write is not doubled', async () => {
    const { proxy, url: through } = await TestProxy.start(url);
    const { store, items, allItems } = start(through);
    await items.put('a', '1');
    proxy.fate = 'is cut after';
    const put = allItems.put({ namespace: '', key: 'once' }, '1', { is: 'absent' });
    while (proxy.commits < 3) await pause(5);
    await proxy.end();
    expect(await refusal(put)).toContain('not known');
    await expect(start().allItems.put({ namespace: '', key: 'once' }, '2', { is: 'absent' })).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
    });
    await store.close();
  });
});

describe.skipIf(!present)('a connection', () => {
  it('has limits of its own and commits to the disk, also where the role was told otherwise', async () => {
    const name = new URL(url).pathname.slice(1);
    await server.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
    const { store } = start();
    const settings = ['synchronous_commit', 'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];
    await store.open();
    const found = await store.read((manager) =>
      manager.query<{ name: string; setting: string }[]>(
        `SELECT name, setting FROM pg_settings WHERE name IN (${settings.map((one) => `'${one}'`).join()})`,
      ),
    );
    expect(Object.fromEntries(found.map(({ name: of, setting }) => [of, setting]))).toEqual({
      synchronous_commit: 'off',
      statement_timeout: '1500',
      lock_timeout: '1500',
      idle_in_transaction_session_timeout: '1000',
    });
    await server.query(
      `CREATE TABLE seen (value text); CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NEW; END $$;
       CREATE TRIGGER see AFTER INSERT ON memory_item FOR EACH ROW EXECUTE FUNCTION see()`,
      name,
    );
    await start().items.put('a', '1');
    expect(await server.query('SELECT DISTINCT value FROM seen', name)).toEqual([{ value: 'on' }]);
  });
});

it.skipIf(!present)('waits for a lock no longer than the limit', async () => {
  const { store, items } = start();
  await items.put('a', '1');
  const name = new URL(url).pathname.slice(1);
  const held = server.query(`BEGIN; LOCK TABLE memory_item; SELECT pg_sleep(3); COMMIT`, name);
  await pause(300);
  const begun = Date.now();
  expect(await refusal(items.put('a', '2'))).toContain('took too long');
  expect(Date.now() - begun).toBeLessThan(TIMEOUT_MS + SLACK_MS);
  await held;
  await state(store, 'ready');
  await items.put('a', '3');
});
