import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../migrations/migrations.js';
import { newDatabase, runStatement } from '../test-databases.js';
import { startStore, type TestStore } from '../test-store.js';
import { hasPostgres } from './test-server.js';

let url: string;
let nodes: [TestStore, TestStore];

beforeEach(async () => {
  url = await newDatabase('PostgreSQL');
  // Both begin at once on a database without tables.
  nodes = [startStore({ DATABASE_URL: url }), startStore({ DATABASE_URL: url })];
});

afterEach(async () => {
  for (const { store } of nodes) await store.close();
});

const failed = (results: readonly PromiseSettledResult<unknown>[]): unknown[] =>
  results.flatMap((result) => (result.status === 'rejected' ? [(result.reason as { code: unknown }).code] : []));

describe.skipIf(!hasPostgres('two nodes on one database'))('two nodes on one database', () => {
  it('make its tables once', async () => {
    await Promise.all(nodes.map(({ store }) => store.check()));
    expect(await runStatement(url, 'SELECT name FROM l104_migration')).toHaveLength(MIGRATIONS.length);
    expect(await runStatement(url, 'SELECT id FROM memory_probe')).toEqual([{ id: 1 }]);
  });

  it('insert the same key at once, and one of two that want it absent is refused', async () => {
    const keys = Array.from({ length: 40 }, (_, n) => `k${n}`);
    const plain = nodes.flatMap(({ items }, node) => keys.map((key) => items.put(key, String(node))));
    expect(failed(await Promise.allSettled(plain))).toEqual([]);
    const absent = keys.flatMap((key) =>
      nodes.map(({ allItems }, node) =>
        allItems.put({ namespace: '', key: `absent ${key}` }, String(node), { is: 'absent' }),
      ),
    );
    expect(failed(await Promise.allSettled(absent))).toEqual(keys.map(() => 'PRECONDITION_FAILED'));
  });

  it('count up one value by conditional writes without losing a step', async () => {
    const KEY = { namespace: '', key: 'counter' };
    await nodes[0].allItems.put(KEY, '0');
    const countUp = async ({ allItems }: TestStore): Promise<void> => {
      for (let done = 0; done < 25;) {
        const { value, revision } = (await allItems.get(KEY))!;
        const put = allItems.put(KEY, String(Number(value) + 1), { is: [revision] });
        done += await put.then(
          () => 1,
          () => 0,
        );
      }
    };
    await Promise.all([...nodes, ...nodes].map(countUp));
    expect(await nodes[1].allItems.get(KEY)).toMatchObject({ value: '100' });
  });

  it('append to one session, each turn once and numbered as it was stored', async () => {
    const SESSION = { namespace: '', sessionId: 's' };
    const turn = (n: number) => ({ userText: `q${n}`, modelText: 'a', model: 'm', usage: {} });
    const appends = Array.from({ length: 50 }, (_, n) =>
      nodes.map(({ conversations }) => conversations.append(SESSION, turn(n), `request ${n}`)),
    ).flat();
    const added = await Promise.all(appends);
    expect(added.filter((one) => one)).toHaveLength(50);
    const history = await nodes[0].conversations.history(SESSION);
    expect(history.map(({ userText }) => userText).sort()).toEqual(
      Array.from({ length: 50 }, (_, n) => `q${n}`).sort(),
    );
    expect((await nodes[1].conversations.list('', { limit: 10 })).sessions).toMatchObject([
      { sessionId: 's', turns: 50 },
    ]);
  });

  it('check the store at once, and neither takes the other for a fault', async () => {
    await Promise.all(Array.from({ length: 5 }, () => nodes.map(({ store }) => store.check())).flat());
    expect(await runStatement(url, 'SELECT id FROM memory_probe')).toEqual([{ id: 1 }]);
  });

  it('give numbers that only grow, whichever of them writes', async () => {
    const revisions: number[] = [];
    for (let n = 0; n < 10; n++) revisions.push(await nodes[n % 2 === 0 ? 0 : 1].items.put('k', String(n)));
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
    expect(new Set(revisions).size).toBe(10);
  });
});
