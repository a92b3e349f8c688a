import { Injectable } from '@nestjs/common';
import { MemoryStore } from './memory.store.js';
import { StateKeeper } from './state/state-keeper.service.js';

/** Lets another process have the database while this one still finishes what needs none. */
@Injectable()
export class StoreHandover {
  constructor(
    private readonly keeper: StateKeeper,
    private readonly store: MemoryStore,
  ) {}

  /** Stores what the node has learnt, finishes what waits and closes the database; from then on requests to it are refused. */
  async letGo(): Promise<void> {
    await this.keeper.beforeApplicationShutdown();
    await this.store.close();
  }
}
