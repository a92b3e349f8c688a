import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestStore } from '../test-store.js';
import { Patients, refusal, SLACK_MS, state, TIMEOUT_MS } from './test-patients.js';
import { hasPostgres, TestServer } from './test-server.js';

const present = hasPostgres('a server that fails');
const patients = new Patients();
const start = (address = url): TestStore => patients.start(address);
let server: TestServer;
let url: string;

beforeAll(async () => {
  if (present) server = await TestServer.start(['max_connections=20']);
});

afterAll(async () => {
  await (server as TestServer | undefined)?.remove();
});

beforeEach(async () => {
  url = await server.newDatabase();
});

afterEach(() => patients.leave());

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
    expect(patients.log).toContain('memory_unusable');
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
    const shown = JSON.stringify(store.status()) + patients.log;
    expect(patients.log).toContain('memory_unusable');
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
