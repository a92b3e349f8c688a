import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { keptStates } from '../../platform/kept-state.js';
import { LOG, type Log } from '../../platform/logging.js';
import { within } from '../../platform/within.js';
import { KeptTexts, type PartTrouble } from '../domain/kept-texts.js';
import { type MemorySettings, memorySettings } from '../memory.settings.js';
import { NodeStateStore } from './node-state.store.js';

/** Most bytes of the state of one part: at least twice what full books of circuits, rests or resources take. */
const PART_LIMIT = 1024 * 1024;

const TROUBLES: Readonly<Record<PartTrouble, { event: string; text: string }>> = {
  save_failed: { event: 'state_not_saved', text: 'what a part of the node has learnt cannot be put into words' },
  too_large: { event: 'state_not_saved', text: 'what a part of the node has learnt is too large to be kept' },
  restore_failed: { event: 'state_not_restored', text: 'a part of the node could not take up what it had learnt' },
  unreadable: { event: 'state_not_restored', text: 'what is stored of a part of the node is damaged' },
};

/**
 * Lets what the parts of the node have learnt outlive the process: gives it back before the node takes calls, stores
 * it as it changes, and once more at shutdown. With a store that is slow, broken or gone the node goes on without.
 */
@Injectable()
export class StateKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #texts = new KeptTexts([], PART_LIMIT, () => undefined);
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> | undefined;
  #left: Promise<unknown> | undefined;
  /** Whether the last save failed, which has been told. */
  #failing = false;

  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(NodeStateStore) private readonly store: NodeStateStore,
    @Inject(memorySettings.KEY) private readonly settings: MemorySettings,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /**
   * The node does not listen before this has resolved, which it does within the wait limit. Where another process still has
   * the file, what is stored is taken up late: it is what that one has learnt until it left.
   */
  async onApplicationBootstrap(): Promise<void> {
    this.#texts = new KeptTexts(keptStates.collect(this.discovery), PART_LIMIT, (part, trouble, error) => {
      this.#tell(part, trouble, error);
    });
    const { stateWaitMs, lockWaitMs, stateIntervalMs } = this.settings;
    const restored = this.#restore(stateWaitMs + lockWaitMs).then(() => {
      // Not before: it would overwrite what is still to be read.
      if (this.#left === undefined) this.#timer = setInterval(() => void this.#save(), stateIntervalMs).unref();
    });
    await within(stateWaitMs, restored);
  }

  /** Runs before any store closes; the first call saves. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    // A save that runs began before the last calls ended.
    this.#left ??= within(
      this.settings.stateWaitMs,
      (this.#saving ?? Promise.resolve()).then(() => this.#save()),
    );
    await this.#left;
  }

  async #restore(limitMs: number): Promise<void> {
    try {
      const stored = await within(limitMs, this.store.load(this.#texts.names, PART_LIMIT));
      if (stored === undefined) {
        // What comes later is not taken up: it could undo what the node has learnt since.
        this.log.warn({ event: 'state_not_restored' }, 'the store is slow: the node starts without what it had learnt');
        return;
      }
      const parts = this.#texts.restore(stored);
      if (parts.length > 0) this.log.info({ event: 'state_restored', parts }, 'what the node had learnt is back');
    } catch (error) {
      this.log.warn(
        { event: 'state_not_restored', err: error },
        'what the node had learnt cannot be read: it starts without',
      );
    }
  }

  /** One save at a time; never rejects. */
  #save(): Promise<void> {
    this.#saving ??= this.#saveChanged().finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }

  async #saveChanged(): Promise<void> {
    const { state } = this.store;
    // The store tells why it is not usable, and tries again by itself.
    if (state === 'opening') return;
    const texts = this.#texts.changed();
    if (texts.size === 0) return;
    try {
      if (state === 'unusable') throw new Error('the store is not usable');
      await this.store.save(texts);
      this.#texts.stored(texts);
      if (this.#failing) this.log.info({ event: 'state_saved' }, 'what the node learns is kept again');
      this.#failing = false;
    } catch (error) {
      if (!this.#failing)
        this.log.warn({ event: 'state_not_saved', err: error }, 'what the node learns would be lost with it');
      this.#failing = true;
    }
  }

  #tell(part: string, trouble: PartTrouble | undefined, err: unknown): void {
    if (trouble === undefined) {
      this.log.info({ event: 'state_saved', part }, 'what a part of the node learns is kept again');
      return;
    }
    const { event, text } = TROUBLES[trouble];
    this.log.error({ event, part, err }, text);
  }
}
