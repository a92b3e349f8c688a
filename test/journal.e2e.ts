import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HealService } from '../src/heal/index.js';
import { runStatement } from '../src/memory/test-databases.js';
import { heal, Lives } from './support/lives.js';

interface Item {
  number: number;
  run_id?: string;
  [field: string]: unknown;
}
interface Page {
  items: Item[];
  next_cursor: string | null;
  complete: boolean;
}

let lives: Lives;
beforeEach(async () => {
  lives = await Lives.set();
});
afterEach(() => lives.over());

const get = (url: string, path: string): Promise<Response> => fetch(`${url}/self/${path}`);
const page = async (url: string, path = 'heal/runs'): Promise<Page> => (await (await get(url, path)).json()) as Page;
const ids = ({ items }: Page): unknown[] => items.map(({ run_id }) => run_id);

describe('GET /self/heal/runs', () => {
  it('pages through the heals of all lives, newest first', async () => {
    const asked: string[] = [];
    for (let life = 0; life < 2; life++) {
      const url = await lives.next();
      for (let n = 0; n < 3; n++) {
        const run = (await (await fetch(`${url}/self/heal`, { method: 'POST' })).json()) as { run_id: string };
        asked.unshift(run.run_id);
      }
    }
    const url = await lives.next();
    const whole = await page(url);
    expect(ids(whole)).toEqual(asked);
    expect(whole).toMatchObject({ next_cursor: null, complete: true });
    expect(whole.items[0]).toMatchObject({
      by: 'admin',
      cause: null,
      verdict: 'no_fault',
      number: expect.any(Number) as unknown,
    });
    const seen: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const next: Page = await page(url, `heal/runs?limit=4&cursor=${cursor}`);
      seen.push(...ids(next));
      cursor = next.next_cursor;
    }
    expect(seen).toEqual(asked);
    // A page that ends with the list names no other.
    expect(await page(url, 'heal/runs?limit=6')).toMatchObject({ next_cursor: null });
    const one = (await (await get(url, `heal/runs/${asked[4] ?? ''}`)).json()) as Item;
    expect(one).toEqual(whole.items[4]);
    expect((await get(url, 'heal/runs/0000000000000000')).status).toBe(404);
    expect((await get(url, 'heal/runs/%00')).status).toBe(404);
  });

  it.each([
    ['heal/runs?limit=0', 'limit'],
    ['heal/runs?limit=1001', 'limit'],
    ['heal/runs?limit=a', 'limit'],
    ['heal/runs?limit=1&limit=2', 'limit'],
    ['heal/runs?cursor=x', 'cursor'],
    ['journal?kind=none', 'kind'],
  ])('refuses %s by the name of what is wrong', async (path, field) => {
    const response = await get(await lives.next(), path);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(((await response.json()) as { detail: string }).detail).toMatch(new RegExp(`^${field}: `));
  });

  it('tells what is in memory while the store cannot be used, and keeps it when it can', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'journal-')), 'l104.db');
    writeFileSync(path, 'this is not a database\n'.repeat(1000));
    const env = { DATABASE_URL: `file:${path}`, MEMORY_REOPEN_INTERVAL: '200ms', HEAL_JOURNAL_INTERVAL: '100ms' };
    const url = await lives.next(env);
    await heal(url);
    const found = await page(url);
    expect(found).toMatchObject({ complete: false, next_cursor: null, items: [{ by: 'admin' }] });
    expect(await page(url, `heal/runs/${String(found.items[0]?.run_id)}`)).toEqual(found.items[0]);
    expect((await get(url, 'heal/runs/0000000000000000')).status).toBe(503);
    rmSync(path);
    await expect.poll(() => page(url), { timeout: 15_000 }).toEqual({ ...found, complete: true });
    expect(await page(await lives.next(env))).toEqual({ ...found, complete: true });
  });
});

describe('a heal that its life did not see the end of', () => {
  /** Has a heal recorded that is to be judged. */
  function pending(): string {
    const done = {
      by: 'http_client',
      level: 'medium',
      cause: 'connection_fault',
      reason: 'Connections failed.',
    } as const;
    const step = { name: 'http_client_reset', level: 'medium', result: 'ok', duration_ms: 0 } as const;
    const healing = lives.node.app.get(HealService);
    return healing.record({ ...done, evidence: {}, step: { ...step, before: {}, after: {} } }).run_id;
  }
  const run = async (url: string, id: string): Promise<Item> =>
    (await (await get(url, `heal/runs/${id}`)).json()) as Item;
  const SETTLED = { timeout: 15_000, interval: 100 };

  it('gets its verdict in the next life of that node, and not from another node on the same database', async () => {
    await lives.next({ NODE_NAME: 'a' });
    const ofA = pending();
    const b = await lives.next({ NODE_NAME: 'b', WATCHDOG_INTERVAL: '1s' });
    const ofB = pending();
    await expect.poll(() => run(b, ofB), SETTLED).toMatchObject({ node: 'b', verdict: 'cured' });
    expect(await run(b, ofA)).toMatchObject({ node: 'a', verdict: 'pending' });
    const a = await lives.next({ NODE_NAME: 'a', WATCHDOG_INTERVAL: '1s' });
    await expect.poll(() => run(a, ofA), SETTLED).toMatchObject({ node: 'a', verdict: 'cured' });
  });
});

describe('GET /self/journal', () => {
  it('tells all kinds, or those that are asked for, and passes over what is damaged', async () => {
    const url = await lives.next();
    await heal(url);
    const { items } = await page(url, 'journal?kind=heal_run');
    expect(items).toMatchObject([{ kind: 'heal_run', by: 'admin' }]);
    expect(items[0]?.['id']).toBe(items[0]?.run_id);
    expect((await page(url, 'journal?kind=heal_verdict,life_ended')).items).toEqual([]);
    await lives.end();
    await runStatement(lives.url, `UPDATE journal_entry SET body = '{' WHERE kind = 'heal_run'`);
    const next = await lives.next();
    expect(await page(next)).toEqual({ items: [], next_cursor: null, complete: true });
  });
});
