import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, type SelectQueryBuilder } from 'typeorm';
import {
  ENTRY_KINDS,
  healSettings,
  type JournalEntry,
  type JournalKeeper,
  journalKeepers,
  type JournalPlace,
  type JournalQuery,
} from '../../heal/index.js';
import { type Clock } from '../../kernel/clock.js';
import { CLOCK } from '../../platform/platform.tokens.js';
import { type SettingsOf } from '../../platform/settings.js';
import { JournalEntryRow } from '../entities/journal-entry.entity.js';
import { MemoryStore } from '../memory.store.js';

const TABLE = 'journal_entry';

/** Most rows that one write adds or removes: what people store does not wait long behind it. */
const STEP = 100;

/** Keeps the journal in the memory store, which nodes may share. Its methods throw what `MemoryStore` throws. */
@journalKeepers.contribute()
@Injectable()
export class HealJournalStore implements JournalKeeper {
  readonly name = 'memory';

  constructor(
    @Inject(MemoryStore) private readonly store: MemoryStore,
    @Inject(healSettings.KEY) private readonly settings: SettingsOf<typeof healSettings>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Whether the store takes writes now. */
  get usable(): boolean {
    return this.store.status().state === 'ready';
  }

  async keep(entries: readonly JournalEntry[]): Promise<void> {
    await this.#opened();
    const rows = entries.map(({ id, number, kind, body }) => ({ id, number, kind, body: JSON.stringify(body) }));
    for (let at = 0; at < rows.length; at += STEP) {
      const part = rows.slice(at, at + STEP);
      await this.store.write({
        needs: [],
        numbers: 0,
        bytes: part.reduce((sum, { body }) => sum + body.length, 0),
        decide: (view) => {
          for (const row of part) view.put(TABLE, row);
        },
      });
    }
  }

  async read(query: JournalQuery): Promise<JournalEntry[]> {
    await this.#opened();
    const entries: JournalEntry[] = [];
    let before = query.before;
    for (;;) {
      const limit = query.limit - entries.length;
      const from = { kinds: query.kinds.length === 0 ? ENTRY_KINDS : query.kinds, before, limit, since: this.#since() };
      const rows = await this.store.read((manager) => page(manager, from));
      entries.push(...rows.flatMap((row) => entryOf(row) ?? []));
      before = rows.at(-1);
      // A page of which some cannot be read goes on with what comes after them.
      if (rows.length < limit || entries.length >= query.limit) return entries;
    }
  }

  async find(id: string): Promise<JournalEntry | undefined> {
    await this.#opened();
    const row = await this.store.read((manager) => manager.findOneBy(JournalEntryRow, { id }));
    return row === null || row.number < this.#since() ? undefined : entryOf(row);
  }

  /** Removes some of the entries that are too many or too old; false when there are no more of them. */
  async removeSome(): Promise<boolean> {
    const { journalEntries } = this.settings;
    const since = this.#since();
    const ids = await this.store.read((manager) => surplus(manager, journalEntries, since));
    if (ids.length === 0) return false;
    await this.store.write({
      needs: [],
      numbers: 0,
      bytes: 0,
      decide: (view) => {
        for (const id of ids) view.remove(TABLE, { id });
      },
    });
    return ids.length === STEP;
  }

  /** Number of the oldest entry that is young enough, if there were one. */
  #since(): number {
    return this.clock.wall() - this.settings.journalAgeMs;
  }

  /** The journal is read and written from the first moment on, ahead of the store's own start. */
  async #opened(): Promise<void> {
    if (this.store.status().state === 'opening') await this.store.open();
  }
}

interface PageQuery {
  readonly kinds: JournalQuery['kinds'];
  readonly before: JournalPlace | undefined;
  readonly limit: number;
  readonly since: number;
}

type Rows = SelectQueryBuilder<JournalEntryRow>;

async function page(manager: EntityManager, { kinds, before, limit, since }: PageQuery): Promise<JournalEntryRow[]> {
  const rows = newestFirst(manager).where('entry.number >= :since', { since });
  // One kind has an index of its own; all of them need no condition but the order.
  if (kinds.length < ENTRY_KINDS.length) rows.andWhere('entry.kind IN (:...kinds)', { kinds });
  if (before !== undefined) {
    const { number, id } = before;
    rows.andWhere('(entry.number, entry.id) < (:number, :id)', { number, id });
  }
  return await rows.limit(limit).getMany();
}

/** Ids of at most a step of entries that are too old, or come after the newest `most`. */
async function surplus(manager: EntityManager, most: number, since: number): Promise<string[]> {
  const idsOf = async (rows: Rows): Promise<string[]> =>
    (await rows.select('entry.id', 'id').limit(STEP).getRawMany<{ id: string }>()).map(({ id }) => id);
  const old = await idsOf(newestFirst(manager).where('entry.number < :since', { since }));
  return old.length > 0 ? old : await idsOf(newestFirst(manager).offset(most));
}

function newestFirst(manager: EntityManager): Rows {
  return manager
    .createQueryBuilder(JournalEntryRow, 'entry')
    .orderBy('entry.number', 'DESC')
    .addOrderBy('entry.id', 'DESC');
}

/** A row as an entry; undefined where it is damaged, or of a kind that only another version knows. */
function entryOf({ id, number, kind, body }: JournalEntryRow): JournalEntry | undefined {
  const known = ENTRY_KINDS.find((one) => one === kind);
  if (known === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return { id, number, kind: known, body: value as JournalEntry['body'] };
  } catch {
    return undefined;
  }
}
