import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../../kernel/clock.js';
import { CLOCK } from '../../platform/platform.tokens.js';
import { NodeState } from '../entities/node-state.entity.js';
import { MemoryStore } from '../memory.store.js';
import { type StoreState } from '../store-status.js';

/** Texts by name, stored for the next life of the node. Its methods throw what `MemoryStore` throws. */
@Injectable()
export class NodeStateStore {
  constructor(
    @Inject(MemoryStore) private readonly store: MemoryStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Where the store stands. */
  get state(): StoreState {
    return this.store.status().state;
  }

  /** The texts stored under these names, those of more than `limit` characters left out; opens the store first. */
  async load(names: readonly string[], limit: number): Promise<Map<string, string>> {
    if (names.length === 0) return new Map();
    if (this.state === 'opening') await this.store.open();
    const rows = await this.store.read((manager) =>
      manager
        .createQueryBuilder(NodeState, 'state')
        .where('state.name IN (:...names)', { names })
        .andWhere('length(state.value) <= :limit', { limit })
        .getMany(),
    );
    return new Map(rows.map(({ name, value }) => [name, value]));
  }

  /** Stores texts over those that were there, all of them or none; resolves when they are durable. */
  async save(texts: ReadonlyMap<string, string>): Promise<void> {
    const updatedAt = this.clock.wall();
    let bytes = 0;
    for (const text of texts.values()) bytes += text.length;
    await this.store.write({
      needs: [],
      numbers: 0,
      bytes,
      decide: (view) => {
        for (const [name, value] of texts) view.put('node_state', { name, value, updatedAt });
      },
    });
  }
}
