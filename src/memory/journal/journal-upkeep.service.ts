import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { healSettings, Journal } from '../../heal/index.js';
import { type SettingsOf } from '../../platform/settings.js';
import { HealJournalStore } from './heal-journal.store.js';

/** Part of the most entries that may be there beyond them before some are removed, and time after which they are in any case. */
const SLACK = 0.01;
const AT_LEAST_EVERY_MS = 3_600_000;

/** Keeps the stored journal within its bounds: removes what is too much or too old step by step, beside other work. */
@Injectable()
export class JournalUpkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** Entries since the last time; some of an earlier life may be due at once. */
  #added = Infinity;
  #timers: NodeJS.Timeout[] = [];
  #working: Promise<void> | undefined;
  #ended = false;
  #leave: () => void = () => undefined;

  constructor(
    @Inject(Journal) private readonly journal: Journal,
    @Inject(HealJournalStore) private readonly stored: HealJournalStore,
    @Inject(healSettings.KEY) private readonly settings: SettingsOf<typeof healSettings>,
  ) {}

  onApplicationBootstrap(): void {
    this.#leave = this.journal.subscribe(() => {
      this.#added++;
    });
    const due = (): boolean => this.#added > this.settings.journalEntries * SLACK;
    this.#timers = [
      setInterval(() => {
        if (due()) void this.tidy();
      }, this.settings.journalIntervalMs).unref(),
      setInterval(() => void this.tidy(), AT_LEAST_EVERY_MS).unref(),
    ];
  }

  /** Runs before the store closes. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#leave();
    this.#ended = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#working;
  }

  /** Removes all that is too much or too old, once at a time; with a store that is not usable another time. Never rejects. */
  tidy(): Promise<void> {
    this.#working ??= this.#tidy().finally(() => {
      this.#working = undefined;
    });
    return this.#working;
  }

  async #tidy(): Promise<void> {
    if (!this.stored.usable) return;
    try {
      while (!this.#ended && (await this.stored.removeSome()));
      this.#added = 0;
    } catch {
      // The store tells by itself what is wrong with it.
    }
  }
}
