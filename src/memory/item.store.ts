import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import { type Clock } from '../kernel/clock.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { checksumOf, verified } from './checksum.js';
import { type Row } from './domain/change.js';
import { type ItemCondition, requireCondition } from './domain/item-condition.js';
import { type Need } from './domain/write.js';
import { MemoryItem } from './entities/memory-item.entity.js';
import { type MemorySettings, memorySettings } from './memory.settings.js';
import { findPlaces, type Place } from './item-places.js';
import { MemoryStore } from './memory.store.js';

/** A stored key with its value. */
export interface StoredItem {
  readonly key: string;
  readonly value: string;
  /** Number of the write that made this value; no other write of the store has it. */
  readonly revision: number;
  /** When it was last written, ms since the epoch by the wall clock. */
  readonly updatedAt: number;
}

/** Whose item is meant, and which. */
export interface ItemKey {
  /** Name of a client, or '' where all clients share one store. */
  readonly namespace: string;
  readonly key: string;
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

/** A row as a driver gives it: large numbers as number or text. */
interface RawItem {
  readonly key: string;
  readonly value: string;
  readonly checksum: number | string | null;
  readonly revision: number | string;
  readonly updated: number | string;
}

const TABLE = 'memory_item';

/** Durable key–value pairs. Its methods throw what `MemoryStore` throws. */
@Injectable()
export class ItemStore {
  constructor(
    @Inject(MemoryStore) private readonly store: MemoryStore,
    @Inject(memorySettings.KEY) private readonly settings: MemorySettings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Stores a value under a key, over the one that was there; resolves with its revision when it is durable.
   * Throws PreconditionFailed where the item is not as the condition wants it.
   */
  async put({ namespace, key }: ItemKey, value: string, condition: ItemCondition = {}): Promise<number> {
    const bytes = Buffer.byteLength(value);
    const row = { namespace, key, value, bytes, checksum: checksumOf(value), updatedAt: this.clock.wall() };
    const need = needOf({ namespace, key });
    return await this.store.write({
      needs: condition.is === undefined ? [] : [need],
      numbers: 1,
      bytes: bytes + Buffer.byteLength(key),
      decide: (view) => {
        requireCondition(condition, revisionIn(view.find(TABLE, need.where)));
        const revision = view.number();
        view.put(TABLE, { ...row, revision });
        return revision;
      },
    });
  }

  /** The item of a key; undefined when there is none. */
  async get({ namespace, key }: ItemKey): Promise<StoredItem | undefined> {
    return await this.store.read(async (manager) => {
      const row = await manager.findOneBy(MemoryItem, { namespace, key });
      return row === null ? undefined : stored(row);
    });
  }

  /** Removes the item of a key; false when there was none, whatever the condition. Throws PreconditionFailed as `put` does. */
  async delete(item: ItemKey, condition: ItemCondition = {}): Promise<boolean> {
    const need = needOf(item);
    return await this.store.write({
      needs: [need],
      numbers: 0,
      bytes: Buffer.byteLength(item.key),
      decide: (view) => {
        const found = view.find(TABLE, need.where);
        if (found === undefined) return false;
        requireCondition(condition, revisionIn(found));
        view.remove(TABLE, need.where);
        return true;
      },
    });
  }

  /**
   * One page of a namespace's list. Pages never show an item twice nor skip one that is not written meanwhile; one
   * that is written moves to the front. A page of large values ends before its limit.
   */
  async list(namespace: string, query: ItemQuery): Promise<ItemPage> {
    const { places, next } = await this.#places(namespace, query);
    const count = fitting(places, query.limit, this.settings.pageBytes);
    const shown = places.slice(0, count).map(({ revision }) => revision);
    const items = await this.store.read((manager) => itemsAt(manager, namespace, shown));
    return { items, next: places.length > count ? shown.at(-1) : next };
  }

  /** Finds the places of a page, in several looks where its prefix asks for many rows: other reads come in between. */
  async #places(namespace: string, { limit, prefix, before }: ItemQuery): Promise<ItemPlaces> {
    const places: Place[] = [];
    let next = before;
    do {
      const from = { limit: limit - places.length, prefix, ...(next === undefined ? {} : { before: next }) };
      const look = await this.store.read((manager) => findPlaces(manager, namespace, from, this.settings.scanLimit));
      places.push(...look.rows);
      next = look.next;
    } while (next !== undefined && places.length <= limit);
    return { places, next };
  }
}

/** Where the items of a page stand, one more than its limit where there are as many. */
interface ItemPlaces {
  readonly places: readonly Place[];
  readonly next: number | undefined;
}

function needOf({ namespace, key }: ItemKey): Need {
  return { table: TABLE, where: { namespace, key }, columns: ['namespace', 'key', 'revision'] };
}

function revisionIn(row: Row | undefined): number | undefined {
  return row === undefined ? undefined : Number(row['revision']);
}

function stored({ key, value, checksum, revision, updatedAt }: Omit<MemoryItem, 'namespace' | 'bytes'>): StoredItem {
  return { key, value: verified(value, checksum), revision, updatedAt };
}

/** The items of these revisions, newest first; read as plain rows, since entities cost as much again as the reading. */
async function itemsAt(manager: EntityManager, namespace: string, revisions: readonly number[]): Promise<StoredItem[]> {
  if (revisions.length === 0) return [];
  const rows = await manager
    .createQueryBuilder(MemoryItem, 'item')
    .select(['item.key AS key', 'item.value AS value', 'item.checksum AS checksum'])
    .addSelect(['item.revision AS revision', 'item.updated_at AS updated'])
    .where('item.namespace = :namespace', { namespace })
    .andWhere('item.revision IN (:...revisions)', { revisions })
    .orderBy('item.revision', 'DESC')
    .getRawMany<RawItem>();
  return rows.map(({ key, value, checksum, revision, updated }) =>
    stored({
      key,
      value,
      checksum: checksum === null ? null : Number(checksum),
      revision: Number(revision),
      updatedAt: Number(updated),
    }),
  );
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
