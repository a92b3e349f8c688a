import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { type Clock } from '../kernel/clock.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { prefixEnd } from './domain/prefix-end.js';
import { MemoryItem } from './entities/memory-item.entity.js';
import { type MemorySettings, memorySettings } from './memory.settings.js';
import { MemoryStore } from './memory.store.js';

/** A stored key with its value. */
export interface StoredItem {
  readonly key: string;
  readonly value: string;
  /** When it was last written, ms since the epoch by the wall clock. */
  readonly updatedAt: number;
}

/** Which part of the list is asked for. */
export interface ItemQuery {
  /** Most items, at least 1. */
  readonly limit: number;
  /** Only keys that begin with it; all when empty. */
  readonly prefix: string;
  /** Only items whose last write has a lower number. */
  readonly before?: number;
}

/** One page of the list, newest write first. */
export interface ItemPage {
  readonly items: readonly StoredItem[];
  /** What to ask `before` for the next page; undefined when this is the last one. */
  readonly next: number | undefined;
}

/** Durable key–value pairs. Its methods throw what `MemoryStore` throws. */
@Injectable()
export class ItemStore {
  constructor(
    @Inject(MemoryStore) private readonly store: MemoryStore,
    @Inject(memorySettings.KEY) private readonly settings: MemorySettings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Stores a value under a key, over the one that was there; resolves when it is durable. */
  async put(key: string, value: string): Promise<void> {
    await this.store.write(async (manager) => {
      // A new row rather than a changed one: every write gets a number that was never used before.
      await manager.delete(MemoryItem, { key });
      const row = { key, value, bytes: Buffer.byteLength(value), updatedAt: this.clock.wall() };
      await manager.createQueryBuilder().insert().into(MemoryItem).values(row).updateEntity(false).execute();
    });
  }

  /** The item of a key; undefined when there is none. */
  async get(key: string): Promise<StoredItem | undefined> {
    return (await this.store.read((manager) => manager.findOneBy(MemoryItem, { key }))) ?? undefined;
  }

  /** Removes the item of a key; false when there was none. */
  async delete(key: string): Promise<boolean> {
    return await this.store.write(async (manager) => ((await manager.delete(MemoryItem, { key })).affected ?? 0) > 0);
  }

  /**
   * One page of the list. Pages never show an item twice nor skip one that is not written meanwhile; one
   * that is written moves to the front. A page of large values ends before its limit.
   */
  list(query: ItemQuery): Promise<ItemPage> {
    return this.store.read(async (manager) => {
      const sizes = await select(manager, query)
        .select(['item.revision AS revision', 'item.bytes AS bytes'])
        .limit(query.limit + 1)
        .getRawMany<{ revision: number; bytes: number }>();
      const count = fitting(sizes, query.limit, this.settings.pageBytes);
      const last = sizes[count - 1]?.revision;
      if (last === undefined) return { items: [], next: undefined };
      const items = await select(manager, query).andWhere('item.revision >= :last', { last }).getMany();
      return { items, next: sizes.length > count ? last : undefined };
    });
  }
}

function select(manager: EntityManager, { prefix, before }: ItemQuery): SelectQueryBuilder<MemoryItem> {
  const found = manager.createQueryBuilder(MemoryItem, 'item').where('1 = 1').orderBy('item.revision', 'DESC');
  if (before !== undefined) found.andWhere('item.revision < :before', { before });
  if (prefix !== '') found.andWhere('item.key >= :prefix', { prefix });
  const end = prefixEnd(prefix);
  if (end !== undefined) found.andWhere('item.key < :end', { end });
  return found;
}

/** How many of the items fit on a page; the first always does. */
function fitting(sizes: readonly { bytes: number }[], limit: number, maxBytes: number): number {
  let bytes = 0;
  const over = sizes.findIndex((size, place) => {
    bytes += size.bytes;
    return place > 0 && (place >= limit || bytes > maxBytes);
  });
  return over < 0 ? sizes.length : over;
}
