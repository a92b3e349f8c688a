import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { MetricsRegistry } from '../../metrics/index.js';
import { HistoryStore } from './history.store.js';

/** Time between two removals of a few samples, ms: far more are removed in it than come, and one small write is all it takes. */
const EVERY_MS = 60_000;
/** Time after the start until the first, ms: the store has mostly opened by then. */
const FIRST_MS = 5000;
/** Removals at one time; what an earlier life left behind goes over the next ones. */
const REMOVALS = 5;

/** Keeps the stored history within its bounds, step by step, and looks how large the database has become. */
@Injectable()
export class HistoryUpkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #ended = false;
  #bytes: number | undefined;

  constructor(
    @Inject(HistoryStore) private readonly stored: HistoryStore,
    @Inject(MetricsRegistry) registry: MetricsRegistry,
  ) {
    const bytes = (): number | undefined => this.#bytes;
    registry.gauge({
      name: 'l104_memory_database_bytes',
      help: 'Size of the database of the memory store, looked at once a minute; 0 before the first look.',
      collect() {
        this.set(bytes() ?? 0);
      },
    });
    registry.plot({
      tracks: [{ name: 'store_bytes', kind: 'gauge', from: bytes }],
      series: [
        {
          name: 'store_bytes',
          unit: 'bytes',
          help: 'Size of the database of the memory store.',
          shown: { as: 'mean', of: 'store_bytes' },
        },
      ],
    });
  }

  /** Size of the database in bytes, as of the last look; undefined before the first. */
  get bytes(): number | undefined {
    return this.#bytes;
  }

  onApplicationBootstrap(): void {
    this.#next(FIRST_MS);
  }

  /** Runs before the store closes. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    await this.#working;
  }

  /** Removes some of what is too much, and looks at the size, once at a time. Never rejects. */
  tidy(): Promise<void> {
    this.#working ??= this.#tidy().finally(() => {
      this.#working = undefined;
    });
    return this.#working;
  }

  #next(ms: number): void {
    this.#timer = setTimeout(() => {
      void this.tidy().then(() => {
        if (!this.#ended) this.#next(EVERY_MS);
      });
    }, ms).unref();
  }

  async #tidy(): Promise<void> {
    this.#bytes = undefined;
    // The shutdown waits for this, which must not wait for a store that somebody else still has.
    if (!this.stored.usable) return;
    try {
      this.#bytes = await this.stored.databaseBytes();
      for (let left = REMOVALS; left > 0 && !this.#ended && (await this.stored.removeSome()); left--);
    } catch {
      // The store tells by itself what is wrong with it.
    }
  }
}
