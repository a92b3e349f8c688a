import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { healSettings, type JournalEntry } from '../../heal/index.js';
import { type Clock, ManualClock } from '../../kernel/clock.js';
import { type SettingsOf } from '../../platform/settings.js';
import { validateEnvironment } from '../../platform/validate-environment.js';
import { newDatabase, runStatement, testedKinds } from '../test-databases.js';
import { startStore, type TestStore } from '../test-store.js';
import { HealJournalStore } from './heal-journal.store.js';

const DAY = 86_400_000;
const kinds = testedKinds('the journal on a server');
const entry = (id: string, number: number, kind: JournalEntry['kind'] = 'heal_run'): JournalEntry => ({
  id,
  number,
  kind,
  body: { words: `é\0\uD800"${id}` },
});
const idsOf = (entries: readonly JournalEntry[]): string[] => entries.map(({ id }) => id);

describe.each(kinds)('the journal in %s', (kind) => {
  const opened: TestStore[] = [];
  let url: string;
  let clock: Clock & ManualClock;
  let journal: HealJournalStore;

  const open = (): TestStore => {
    const store = startStore({ DATABASE_URL: url });
    opened.push(store);
    return store;
  };
  const on = ({ store }: TestStore, env: Record<string, string> = {}): HealJournalStore => {
    const { values, problems } = validateEnvironment([healSettings], env);
    expect(problems).toEqual([]);
    return new HealJournalStore(store, values['heal'] as SettingsOf<typeof healSettings>, clock);
  };
  beforeEach(async () => {
    url = await newDatabase(kind);
    clock = new ManualClock();
    journal = on(open());
  });
  afterEach(async () => {
    for (const { store } of opened.splice(0)) await store.close();
  });

  it('gives back what it keeps, page by page, also entries of one number', async () => {
    const now = clock.wall();
    const all = ['d', 'b', 'c', 'a'].map((id) => entry(id, now));
    await journal.keep([...all, entry('e', now + 1, 'admin_action')]);
    expect(await journal.read({ kinds: [], limit: 2 })).toEqual([entry('e', now + 1, 'admin_action'), entry('d', now)]);
    const before = { number: now, id: 'd' };
    expect(idsOf(await journal.read({ kinds: [], before, limit: 9 }))).toEqual(['c', 'b', 'a']);
    expect(idsOf(await journal.read({ kinds: ['admin_action'], limit: 9 }))).toEqual(['e']);
    expect(await journal.find('b')).toEqual(entry('b', now));
    expect(await journal.find('z')).toBeUndefined();
  });

  it('puts an entry over the one of its id', async () => {
    await journal.keep([entry('a', clock.wall())]);
    await journal.keep([{ ...entry('a', clock.wall()), body: { verdict: 'cured' } }]);
    expect(await journal.read({ kinds: [], limit: 9 })).toMatchObject([{ id: 'a', body: { verdict: 'cured' } }]);
  });

  it('passes over what is damaged, and fills the page with what comes after it', async () => {
    const now = clock.wall();
    await journal.keep(Array.from({ length: 6 }, (_, n) => entry(`e${n}`, now + n)));
    await runStatement(url, `UPDATE journal_entry SET body = '{"a":' WHERE id IN ('e5', 'e3')`);
    await runStatement(url, `UPDATE journal_entry SET body = '7' WHERE id = 'e2'`);
    await runStatement(url, `UPDATE journal_entry SET kind = 'of_tomorrow' WHERE id = 'e4'`);
    expect(idsOf(await journal.read({ kinds: [], limit: 2 }))).toEqual(['e1', 'e0']);
    expect(await journal.find('e5')).toBeUndefined();
  });

  it('removes what is too much and too old, step by step', async () => {
    const count = async (): Promise<number> =>
      Number((await runStatement<{ n: number | string }>(url, 'SELECT count(*) AS n FROM journal_entry'))[0]?.n);
    const bounded = on(opened[0]!, { HEAL_JOURNAL_ENTRIES: '20', HEAL_JOURNAL_AGE: '1d' });
    const now = clock.wall();
    await bounded.keep(Array.from({ length: 250 }, (_, n) => entry(`e${n}`, now + n)));
    const steps = [await bounded.removeSome(), await count(), await bounded.removeSome(), await bounded.removeSome()];
    expect(steps).toEqual([true, 150, true, false]);
    expect(idsOf(await bounded.read({ kinds: [], limit: 100 }))).toEqual(
      Array.from({ length: 20 }, (_, n) => `e${249 - n}`),
    );
    clock.advance(DAY + 245);
    // What is too old is not shown, also where it is not removed yet.
    expect(idsOf(await bounded.read({ kinds: [], limit: 100 }))).toEqual(['e249', 'e248', 'e247', 'e246', 'e245']);
    expect(await bounded.find('e244')).toBeUndefined();
    await bounded.removeSome();
    expect(await count()).toBe(5);
  });

  it.runIf(kind === 'PostgreSQL')('is one journal of two nodes', async () => {
    const other = on(open());
    await Promise.all([0, 1, 2, 3].map((n) => (n % 2 === 0 ? journal : other).keep([entry(`e${n}`, clock.wall())])));
    expect(idsOf(await other.read({ kinds: [], limit: 9 }))).toEqual(['e3', 'e2', 'e1', 'e0']);
  });
});
