import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startStore, type TestStore } from '../src/memory/test-store.js';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const TALK = { namespace: '', sessionId: 'talk' };

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'migrations-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const open = (): TestStore => startStore({ DATABASE_URL: `file:${join(directory, 'l104.db')}` });

const turn = (n: number): object => ({
  userText: `q${n}`,
  modelText: `a${n} é`,
  model: 'gemini-2.5-flash',
  usage: { total_tokens: n },
});

it.each(readdirSync(FIXTURES).filter((name) => name.endsWith('.db')))(
  'brings %s up to the schema of today with all that is in it, and goes on from there',
  async (fixture) => {
    copyFileSync(join(FIXTURES, fixture), join(directory, 'l104.db'));
    // Twice: the second time there is nothing left to do.
    for (const life of [1, 2]) {
      const { store, items, conversations } = open();
      const { items: found } = await items.list({ limit: 10, prefix: '' });
      const texts = Object.fromEntries(found.map(({ key, value }) => [key, value]));
      expect(texts).toMatchObject({ greeting: 'hello again', 'a/b': '漢字 😀', long: 'v'.repeat(6000) });
      expect(await items.get('gone')).toBeUndefined();
      expect(await conversations.history(TALK, 3)).toMatchObject(
        life === 1 ? [0, 1, 2].map(turn) : [1, 2, 3].map(turn),
      );
      expect(await conversations.list('', { limit: 10 })).toMatchObject({
        sessions:
          life === 1
            ? [
                { sessionId: 'other', turns: 1 },
                { sessionId: 'talk', turns: 3 },
              ]
            : [{}, {}],
      });
      // Numbers go on above those of rows that are there, or were.
      const revisions = found.map(({ revision }) => revision);
      expect(await items.put('greeting', 'hello again')).toBeGreaterThan(Math.max(...revisions));
      await conversations.append(TALK, turn(life + 2) as never);
      await store.write({
        needs: [],
        numbers: 0,
        bytes: 0,
        decide: (view) => {
          view.put('metrics_sample', { node: 'node', step: 10, life: 'a', at: life * 10, body: '{}' });
        },
      });
      expect(await store.read((manager) => manager.count('metrics_sample'))).toBe(life);
      await store.check();
      await store.close();
    }
  },
);

it('makes the schema of today from nothing', async () => {
  const { store, items } = open();
  await items.put('a', '1');
  await store.check();
  await store.close();
  const again = open();
  expect(await again.items.get('a')).toMatchObject({ value: '1' });
  await again.store.close();
});
