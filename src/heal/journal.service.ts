import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type Clock } from '../kernel/clock.js';
import { EventStream, type Listener } from '../kernel/event-stream.js';
import { randomHex } from '../platform/identifiers.js';
import { LOG, type Log } from '../platform/logging.js';
import { platformSettings } from '../platform/platform.settings.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { within } from '../platform/within.js';
import { type SettingsOf } from '../platform/settings.js';
import { byPlace, JournalRing, type Since } from './domain/journal-ring.js';
import { healSettings } from './heal.settings.js';
import { type EntryKind, type JournalEntry } from './domain/journal-entry.js';
import { type JournalKeeper, journalKeepers, type JournalQuery } from './journal-keeper.js';

/** Entries that are at hand without the store, and that may wait to be stored. */
const AT_HAND = 1000;
/** Most listeners to new entries at once: open pages, and the node's own parts. */
const LISTENERS = 60;
/** Time a reader waits for what is not stored yet to be stored, ms. */
const STORE_WAIT_MS = 2000;

/**
 * What was done to the node and why, in the order it happened. The latest entries are in memory, so that a node
 * without a usable store tells them too; all are handed to the keeper, again and again until it has them.
 */
@Injectable()
export class Journal implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #ring = new JournalRing(AT_HAND);
  readonly #appended: EventStream<JournalEntry>;
  /** Ids of entries that are not stored as they are now; as many as the ring at most. */
  readonly #unsaved = new Map<string, JournalEntry>();
  #keeper: JournalKeeper | undefined;
  #loaded = false;
  #saving: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failing = false;

  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(healSettings.KEY) private readonly settings: SettingsOf<typeof healSettings>,
    @Inject(platformSettings.KEY) private readonly platform: SettingsOf<typeof platformSettings>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.#appended = new EventStream((error) => {
      log.error({ err: error }, 'a listener of the journal failed');
    }, LISTENERS);
  }

  onApplicationBootstrap(): void {
    [this.#keeper] = journalKeepers.collect(this.discovery);
    void this.#save();
    this.#timer = setInterval(() => void this.#save(), this.settings.journalIntervalMs).unref();
  }

  /** Runs before any store closes. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#saved();
  }

  /** Writes an entry; it is told at once and stored soon. `id` is made when there is none. */
  append(kind: EntryKind, body: JournalEntry['body'], id = randomHex(8)): JournalEntry {
    const entry = this.#ring.append(this.clock.wall(), { id, kind, body: { ...body, node: this.platform.nodeName } });
    this.#keep(entry);
    this.#appended.publish(entry);
    return entry;
  }

  /** Whether this node, in this life or an earlier one, wrote an entry: nodes that share a database share the journal. */
  isOwn({ body }: JournalEntry): boolean {
    return body['node'] === undefined || body['node'] === this.platform.nodeName;
  }

  /** Changes what an entry says, if it is still at hand; nobody is told. */
  amend(id: string, change: (body: JournalEntry['body']) => JournalEntry['body']): void {
    const entry = this.#ring.amend(id, change);
    if (entry !== undefined) this.#keep(entry);
  }

  /** Adds a listener to new entries; returns the function that removes it. Throws RangeError when there are too many. */
  subscribe(listener: Listener<JournalEntry>): () => void {
    return this.#appended.subscribe(listener);
  }

  /** What came after the entry with this number, as far as it is at hand. */
  since(number: number): Since {
    return this.#ring.since(number);
  }

  /** Waits, but not for long, until what earlier lives have written is at hand. */
  async ready(): Promise<void> {
    if (!this.#loaded) await this.#saved();
  }

  /** Number of the latest entry, 0 without one. */
  get last(): number {
    return this.#ring.last;
  }

  /** Number of the oldest entry at hand; undefined without one. */
  get first(): number | undefined {
    return this.#ring.first;
  }

  /** The entry with this id; undefined when there is none. Throws what the keeper throws when that cannot be known. */
  async find(id: string): Promise<JournalEntry | undefined> {
    return this.#ring.find(id) ?? (await this.#keeper?.find(id));
  }

  /** Whether what earlier lives have written is at hand too. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** A page, newest first: from the store where that can be read, else of what is at hand. `whole`: all of it is stored. */
  async page(query: JournalQuery): Promise<{ entries: JournalEntry[]; whole: boolean }> {
    await this.#saved();
    const { kinds, before, limit } = query;
    const atHand = this.#ring.page(kinds, before, limit);
    try {
      if (this.#keeper === undefined) return { entries: atHand, whole: false };
      const kept = await this.#keeper.read(query);
      const ids = new Set(atHand.map(({ id }) => id));
      const entries = [...atHand, ...kept.filter(({ id }) => !ids.has(id))];
      return { entries: entries.sort((a, b) => byPlace(b, a)).slice(0, limit), whole: this.#unsaved.size === 0 };
    } catch {
      return { entries: atHand, whole: false };
    }
  }

  #keep(entry: JournalEntry): void {
    this.#unsaved.delete(entry.id);
    this.#unsaved.set(entry.id, entry);
    const [oldest] = this.#unsaved.keys();
    if (this.#unsaved.size > AT_HAND && oldest !== undefined) this.#unsaved.delete(oldest);
    void this.#save();
  }

  /** Waits, but not for long, for what is not stored to be stored. */
  async #saved(): Promise<void> {
    await within(
      STORE_WAIT_MS,
      (this.#saving ?? Promise.resolve()).then(() => this.#save()),
    );
  }

  /** One at a time; never rejects. */
  #save(): Promise<void> {
    this.#saving ??= this.#saveAll().finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }

  async #saveAll(): Promise<void> {
    const keeper = this.#keeper;
    if (keeper === undefined) return;
    try {
      if (!this.#loaded) {
        const earlier = await keeper.read({ kinds: [], limit: AT_HAND });
        this.#ring.load(earlier, earlier.length < AT_HAND);
        this.#loaded = true;
      }
      while (this.#unsaved.size > 0) {
        const entries = [...this.#unsaved.values()];
        await keeper.keep(entries);
        for (const entry of entries) if (this.#unsaved.get(entry.id) === entry) this.#unsaved.delete(entry.id);
      }
      this.#failing = false;
    } catch (error) {
      // The store tells by itself why it cannot be used.
      if (!this.#failing)
        this.log.warn({ event: 'journal_not_saved', err: error }, 'the journal is kept in memory only');
      this.#failing = true;
    }
  }
}
