import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStore, type TestStore } from '../test-store.js';
import { hasPostgres, TestServer } from './test-server.js';

const present = hasPostgres('plans of statements');
const logs = mkdtempSync(join(tmpdir(), 'plans-'));
const ROWS = 60_000;
let server: TestServer | undefined;
let node: TestStore;
let database: string;

/** Keys of three kinds: spread over all writes, a few in a thousand, and many that all came last. */
const FILL = `INSERT INTO memory_item (namespace, key, revision, value, bytes, updated_at)
    SELECT CASE WHEN n % 10 = 0 THEN 'another' ELSE '' END,
      CASE WHEN n % 1000 = 1 THEN 'rare/' WHEN n > ${ROWS * 0.9} THEN 'late/' ELSE 'common/' END || md5(n::text),
      n, repeat('v', 100), 100, 0
    FROM generate_series(1, ${ROWS}) n;
  INSERT INTO conversation SELECT '', 's' || n, 1, 2, ${ROWS} + n, 0, 0 FROM generate_series(1, ${ROWS / 4}) n;
  INSERT INTO conversation_turn SELECT ${ROWS} + n, '', 's' || n, 'r' || n, '{}', 2, NULL, 0
    FROM generate_series(1, ${ROWS / 4}) n;
  SELECT setval('store_number', ${2 * ROWS}); ANALYZE`;

beforeAll(async () => {
  if (!present) return;
  chmodSync(logs, 0o777);
  const explain = ['log_min_duration=0', 'log_analyze=on'].map((setting) => `auto_explain.${setting}`);
  const collect = ['logging_collector=on', `log_directory=${logs}`, 'log_file_mode=0644', 'log_line_prefix=@@ '];
  server = await TestServer.start(['shared_preload_libraries=auto_explain', ...explain, ...collect]);
  const url = await server.newDatabase();
  database = new URL(url).pathname.slice(1);
  node = startStore({ DATABASE_URL: url });
  await node.store.open();
  await server.query(FILL, database);
});

afterAll(async () => {
  if (server === undefined) return;
  await node.store.close();
  await server.remove();
  rmSync(logs, { recursive: true, force: true });
});

const logged = (): string =>
  readdirSync(logs)
    .map((name) => readFileSync(join(logs, name), 'utf8'))
    .join('');

/** The plans by which the server did what a piece of work asked of it. */
async function plansOf(work: () => Promise<unknown>): Promise<string[]> {
  const mark = async (name: string): Promise<void> => {
    await server?.query(`SELECT '${name}' AS mark`, database);
    await expect.poll(logged).toContain(`'${name}' AS mark`);
  };
  const name = `mark ${String(Math.random())}`;
  await mark(`${name} begins`);
  await work();
  await mark(`${name} ends`);
  const text = logged();
  const between = text.slice(text.indexOf(`${name} begins`), text.indexOf(`${name} ends`));
  return between.split('@@ ').filter((entry) => / on (memory_item|conversation)/.test(entry));
}

describe.skipIf(!present)('a server with many rows', () => {
  const TALK = { namespace: '', sessionId: 's77' };
  const turn = { userText: 'q', modelText: 'a', model: 'm', usage: {} };
  const page = (prefix: string, before?: number): Promise<unknown> =>
    node.items.list({ limit: 100, prefix, ...(before === undefined ? {} : { before }) });
  const works: Record<string, () => Promise<unknown>> = {
    'an item': () => node.items.get('common/1'),
    'a page': () => page(''),
    'a page far down': () => page('', 500),
    'a page of a common prefix': () => page('common/', ROWS / 2),
    'a page of a rare prefix': () => page('rare/', ROWS / 2),
    'a page of a prefix that came late': () => page('late/'),
    'a page of one key in sixteen': () => page('common/a', ROWS / 2),
    'a page of nothing': () => page('zzz'),
    'a write': () => node.items.put('new', '1'),
    'a write on condition': () => node.allItems.put({ namespace: '', key: 'newer' }, '1', { is: 'absent' }),
    'a removal': () => node.items.delete('new'),
    'a history': () => node.conversations.history(TALK),
    'the turn of a request': () => node.conversations.turnOf(TALK, 'r77'),
    'a page of sessions': () => node.conversations.list('', { limit: 100, before: ROWS + ROWS / 8 }),
    'a turn more': () => node.conversations.append(TALK, turn, 'r'),
    'a session less': () => node.conversations.delete(TALK),
  };

  it.each(Object.entries(works))('finds %s by an index, and passes over few rows', async (_, work) => {
    const plans = await plansOf(work);
    expect(plans.length).toBeGreaterThan(0);
    for (const plan of plans) {
      expect(plan).not.toContain('Seq Scan');
      // As many as a page of a scattered prefix looks at.
      for (const [, rows] of plan.matchAll(/Rows Removed by \w+(?: \w+)*: (\d+)/g))
        expect(Number(rows), plan).toBeLessThan(2500);
      expect(plan).not.toMatch(/Sort Method: external|Sort .*actual time=\S+ rows=\d{4}/);
    }
  });
});
