import { type EntityManager, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { prefixEnd } from './domain/prefix-end.js';
import { MemoryItem } from './entities/memory-item.entity.js';

/** Part of the rows looked at for a page that are counted to see whether a prefix is rare: a count must cost next to nothing where it is not. */
const RARE_SHARE = 20;

/** Where an item stands in the list, and what it takes on a page. */
export interface Place {
  readonly revision: number;
  /** Size of the value in UTF-8. */
  readonly bytes: number;
}

/** The newest places asked for, one more than the limit where there are as many, as far as one look goes. */
interface Places {
  readonly rows: readonly Place[];
  /** Set where the look ended before the list and before the limit: everything above it has been looked at. */
  readonly next: number | undefined;
}

/** Which part of the list is looked for. */
interface PlaceQuery {
  readonly limit: number;
  readonly prefix: string;
  readonly before?: number;
}

type Rows = SelectQueryBuilder<MemoryItem>;

/**
 * Finds places of a page in one look, at no more than `scanLimit` rows. Neither index serves a prefix in the order of
 * writes: of a rare prefix all matches are found by their keys and sorted; of a common one they are picked out along
 * the order of writes, where many are met soon. Which it is tells a bounded count, on any database: a planner would
 * pass through a million rows for one of the two.
 */
export async function findPlaces(
  manager: EntityManager,
  namespace: string,
  query: PlaceQuery,
  scanLimit: number,
): Promise<Places> {
  const { prefix, limit } = query;
  const newest = (): Rows => before(itemsOf(manager, namespace), query).orderBy('item.revision', 'DESC');
  if (prefix === '') return { rows: await placesOf(newest().limit(limit + 1)), next: undefined };
  if (await isRare(manager, namespace, prefix, Math.ceil(scanLimit / RARE_SHARE))) {
    const rare = matching(itemsOf(manager, namespace), prefix);
    // As a sum the number is in no index, so that the keys' is taken.
    if (query.before !== undefined) rare.andWhere('item.revision + 0 < :before', { before: query.before });
    const rows = await placesOf(rare.orderBy('item.revision + 0', 'DESC').limit(limit + 1));
    return { rows, next: undefined };
  }
  const latest = newest().select(['item.revision AS revision', 'item.key AS key', 'item.bytes AS bytes']);
  return await along(manager, latest.limit(scanLimit), query, scanLimit);
}

/** Picks the matches out of the latest rows. */
async function along(manager: EntityManager, latest: Rows, query: PlaceQuery, scanLimit: number): Promise<Places> {
  const { prefix, limit } = query;
  const from = (): SelectQueryBuilder<ObjectLiteral> =>
    manager
      .createQueryBuilder()
      .select([])
      .from(`(${latest.getQuery()})`, 'item')
      .setParameters(latest.getParameters());
  const picked = matching(from(), prefix)
    .orderBy('item.revision', 'DESC')
    .limit(limit + 1);
  const rows = await placesOf(picked);
  if (rows.length > limit) return { rows, next: undefined };
  const end = await from()
    .select(['count(*) AS looked', 'min(item.revision) AS last'])
    .getRawOne<{ looked: number | string; last: number | string | null }>();
  const more = Number(end?.looked ?? 0) >= scanLimit;
  return { rows, next: more ? Number(end?.last) : undefined };
}

async function isRare(manager: EntityManager, namespace: string, prefix: string, most: number): Promise<boolean> {
  const matches = matching(itemsOf(manager, namespace), prefix)
    .select('1', 'one')
    // In the order of the index: else a planner may pass through the table until it has met enough of them.
    .orderBy('item.key')
    .limit(most + 1);
  const counted = await manager
    .createQueryBuilder()
    .select('count(*)', 'matches')
    .from(`(${matches.getQuery()})`, 'found')
    .setParameters(matches.getParameters())
    .getRawOne<{ matches: number | string }>();
  return Number(counted?.matches ?? 0) <= most;
}

function itemsOf(manager: EntityManager, namespace: string): Rows {
  return manager.createQueryBuilder(MemoryItem, 'item').where('item.namespace = :namespace', { namespace });
}

function before(rows: Rows, query: PlaceQuery): Rows {
  return query.before === undefined ? rows : rows.andWhere('item.revision < :before', { before: query.before });
}

function matching<R extends Rows | SelectQueryBuilder<ObjectLiteral>>(rows: R, prefix: string): R {
  rows.andWhere('item.key >= :prefix', { prefix });
  const end = prefixEnd(prefix);
  if (end !== undefined) rows.andWhere('item.key < :end', { end });
  return rows;
}

async function placesOf(rows: Rows | SelectQueryBuilder<ObjectLiteral>): Promise<Place[]> {
  const found = await rows
    .select(['item.revision AS revision', 'item.bytes AS bytes'])
    .getRawMany<{ revision: number | string; bytes: number }>();
  return found.map(({ revision, bytes }) => ({ revision: Number(revision), bytes }));
}
