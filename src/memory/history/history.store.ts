import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import {
  type HistoryKeeper,
  historyKeepers,
  type HistorySettings,
  historySettings,
  keptSeconds,
  type KeptStep,
  type SampleQuery,
  STEPS,
  type StoredSample,
} from '../../metrics/index.js';
import { type Clock } from '../../kernel/clock.js';
import { instanceName } from '../../platform/instance-name.js';
import { platformSettings } from '../../platform/platform.settings.js';
import { CLOCK } from '../../platform/platform.tokens.js';
import { type SettingsOf } from '../../platform/settings.js';
import { type TelemetrySettings, telemetrySettings } from '../../platform/telemetry.settings.js';
import { MetricsSample } from '../entities/metrics-sample.entity.js';
import { type MemorySettings, memorySettings } from '../memory.settings.js';
import { MemoryStore } from '../memory.store.js';

const TABLE = 'metrics_sample';

/** Most rows that one write removes: what people store does not wait long behind it. */
const REMOVED_AT_ONCE = 100;

/**
 * Samples that are kept of one node and step, as a multiple of those that fit into the time they are kept for: with a
 * clock that leaps and a node that starts again and again there would be more.
 */
const ROOM = 2;

/** Samples of a time that is further ahead than this are of a clock that was wrong, seconds. */
const AHEAD = 86_400;

/** The one node of a file, wherever the file lies and whatever its host is called. */
const ONLY_NODE = 'node';

/** Keeps the history in the memory store, which nodes may share. Its methods throw what `MemoryStore` throws. */
@historyKeepers.contribute()
@Injectable()
export class HistoryStore implements HistoryKeeper {
  readonly name = 'memory';
  readonly #node: string;

  constructor(
    @Inject(MemoryStore) private readonly store: MemoryStore,
    @Inject(historySettings.KEY) private readonly settings: HistorySettings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(memorySettings.KEY) { database }: MemorySettings,
    @Inject(platformSettings.KEY) platform: SettingsOf<typeof platformSettings>,
    @Inject(telemetrySettings.KEY) { resource }: TelemetrySettings,
  ) {
    this.#node = database.kind === 'postgres' ? instanceName(resource, platform) : ONLY_NODE;
  }

  /** Whether the store takes writes now. */
  get usable(): boolean {
    return this.store.status().state === 'ready';
  }

  async keep(samples: readonly StoredSample[]): Promise<void> {
    await this.#opened();
    await this.store.write({
      needs: [],
      numbers: 0,
      bytes: samples.reduce((sum, { body }) => sum + body.length, 0),
      decide: (view) => {
        for (const { step, at, life, body } of samples) view.put(TABLE, { node: this.#node, step, life, at, body });
      },
    });
  }

  async read(query: SampleQuery): Promise<StoredSample[]> {
    await this.#opened();
    const { step } = query;
    const rows = await this.store.read((manager) => page(manager, this.#node, query));
    return rows.map(({ at, life, body }) => ({ step, at, life, body }));
  }

  /** Removes some of the samples, of any node, that are too old or too many; false when there are no more of them. */
  async removeSome(): Promise<boolean> {
    const now = Math.floor(this.clock.wall() / 1000);
    for (const step of STEPS) {
      const kept = keptSeconds(step, this.settings.retentionDays);
      const rows = await this.store.read((manager) => surplus(manager, { step, kept, now, node: this.#node }));
      if (rows.length === 0) continue;
      await this.store.write({
        needs: [],
        numbers: 0,
        bytes: 0,
        decide: (view) => {
          for (const { node, life, at } of rows) view.remove(TABLE, { node, step, life, at });
        },
      });
      return true;
    }
    return false;
  }

  /** Bytes that the whole database takes. */
  async databaseBytes(): Promise<number> {
    return await this.store.read(async (manager) => {
      const sql =
        manager.connection.options.type === 'postgres'
          ? 'SELECT pg_database_size(current_database()) AS bytes'
          : 'SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()';
      const [found] = await manager.query<{ bytes: number | string }[]>(sql);
      return Number(found?.bytes ?? 0);
    });
  }

  /** Samples are read and written from the first moment on, ahead of the store's own start. */
  async #opened(): Promise<void> {
    if (this.store.status().state === 'opening') await this.store.open();
  }
}

async function page(manager: EntityManager, node: string, query: SampleQuery): Promise<MetricsSample[]> {
  const { step, from, to, after, limit } = query;
  const rows = manager
    .createQueryBuilder(MetricsSample, 'sample')
    .where('sample.step = :step AND sample.at >= :from AND sample.at < :to', { step, from: after?.at ?? from, to })
    .andWhere('sample.node = :node', { node });
  if (after !== undefined) rows.andWhere('(sample.at, sample.life) > (:at, :life)', { at: after.at, life: after.life });
  return await rows.orderBy('sample.at').addOrderBy('sample.life').limit(limit).getMany();
}

interface SurplusQuery {
  readonly step: KeptStep;
  /** How long samples of the step are kept, seconds. */
  readonly kept: number;
  readonly now: number;
  readonly node: string;
}

type Place = Pick<MetricsSample, 'node' | 'life' | 'at'>;

/** Samples of a step that are too old or of a time to come, or of this node and more than there is room for. */
async function surplus(manager: EntityManager, { step, kept, now, node }: SurplusQuery): Promise<Place[]> {
  const rows = (): ReturnType<typeof ofStep> => ofStep(manager, step);
  const old = rows().andWhere('sample.at < :oldest', { oldest: now - kept - step });
  const early = rows().andWhere('sample.at > :latest', { latest: now + AHEAD });
  const many = rows()
    .andWhere('sample.node = :node', { node })
    .orderBy('sample.at', 'DESC')
    .addOrderBy('sample.life', 'DESC')
    .offset(ROOM * Math.ceil(kept / step));
  for (const some of [old, early, many]) {
    const found = await some.limit(REMOVED_AT_ONCE).getMany();
    if (found.length > 0) return found;
  }
  return [];
}

function ofStep(manager: EntityManager, step: KeptStep) {
  return manager
    .createQueryBuilder(MetricsSample, 'sample')
    .select(['sample.node', 'sample.step', 'sample.life', 'sample.at'])
    .where('sample.step = :step', { step });
}
