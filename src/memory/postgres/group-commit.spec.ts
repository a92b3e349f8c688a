import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestStore } from '../test-store.js';
import { Patients, refusal, SLACK_MS, state, TIMEOUT_MS } from './test-patients.js';
import { TestProxy } from './test-proxy.js';
import { hasPostgres, TestServer } from './test-server.js';

const present = hasPostgres('commits on a server');
const patients = new Patients();
const start = (address = url): TestStore => patients.start(address);
let server: TestServer;
let url: string;

beforeAll(async () => {
  if (present) server = await TestServer.start();
});

afterAll(async () => {
  await (server as TestServer | undefined)?.remove();
});

beforeEach(async () => {
  url = await server.newDatabase();
});

afterEach(() => patients.leave());

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
