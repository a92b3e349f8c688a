import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type Clock } from '../../kernel/clock.js';
import { randomHex } from '../../platform/identifiers.js';
import { LOG, type Log } from '../../platform/logging.js';
import { CLOCK } from '../../platform/platform.tokens.js';
import { within } from '../../platform/within.js';
import { Recording } from '../domain/history/recording.js';
import { SAMPLE_SECONDS } from '../domain/history/resolution.js';
import { writeSample } from '../domain/history/sample-text.js';
import { LOOP_MONITOR_MS, MetricsRegistry } from '../metrics.registry.js';
import { type HistoryKeeper, historyKeepers } from './history-keeper.js';

const SAMPLE_MS = SAMPLE_SECONDS * 1000;
/** Most samples of one write, so that what people store does not wait long behind it; an outage leaves hundreds. */
const STEP = 50;
/** Longest that the shutdown waits for the last samples to be stored, ms. */
const LAST_SAVE_MS = 2000;

/**
 * Takes a sample of the metrics every ten seconds, beside everything else. Those of the last hour are in memory; all are
 * handed to the keeper, again and again until it has them, or they are too many.
 */
@Injectable()
export class HistoryRecorder implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #loop = monitorEventLoopDelay({ resolution: LOOP_MONITOR_MS });
  #recording: Recording | undefined;
  #keeper: HistoryKeeper | undefined;
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> | undefined;
  #left: Promise<unknown> | undefined;
  #failing = false;

  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(MetricsRegistry) private readonly registry: MetricsRegistry,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.#plotProcess();
  }

  /** Counters are counted from here on; what stood on them before belongs to no sample. */
  async onApplicationBootstrap(): Promise<void> {
    [this.#keeper] = historyKeepers.collect(this.discovery);
    this.#loop.enable();
    const name = `${this.clock.wall().toString(36)}-${randomHex(3)}`;
    this.#recording = new Recording(name, this.clock, await this.registry.catalogue.readings());
    this.#next();
  }

  /** Runs before any store closes. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#left ??= this.#leave();
    await this.#left;
  }

  /** The samples of this life; undefined before it has begun. */
  get recording(): Recording | undefined {
    return this.#recording;
  }

  /** Where samples are kept; undefined without a store. */
  get keeper(): HistoryKeeper | undefined {
    return this.#keeper;
  }

  /** Takes a sample now, and has it stored. Resolves when it is taken. */
  async sample(): Promise<void> {
    const readings = await this.registry.catalogue.readings();
    this.#loop.reset();
    this.#recording?.take(readings);
    void this.save();
  }

  /** Hands what is not stored to the keeper, once at a time; never rejects. */
  save(): Promise<void> {
    this.#saving ??= this.#save().finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }

  /** At full ten seconds of the wall clock, so that samples of several nodes lie side by side. */
  #next(): void {
    const wall = this.clock.wall();
    const due = (Math.floor(wall / SAMPLE_MS + 0.5) + 1) * SAMPLE_MS;
    this.#timer = setTimeout(() => {
      void this.sample().finally(() => {
        if (this.#left === undefined) this.#next();
      });
    }, due - wall).unref();
  }

  async #leave(): Promise<void> {
    clearTimeout(this.#timer);
    await this.sample();
    this.#loop.disable();
    this.#recording?.finish();
    // A save that runs began without the last sample.
    await within(
      LAST_SAVE_MS,
      (this.#saving ?? Promise.resolve()).then(() => this.save()),
    );
  }

  async #save(): Promise<void> {
    const [recording, keeper] = [this.#recording, this.#keeper];
    if (recording === undefined || keeper === undefined) return;
    try {
      // What comes while this is stored is for the next time, or the last hour of an outage would be chased for ever.
      const samples = recording.unsaved();
      for (let from = 0; from < samples.length; from += STEP) {
        const part = samples.slice(from, from + STEP);
        await keeper.keep(part.map(({ sample, ...place }) => ({ ...place, body: writeSample(sample) })));
        recording.saved(part);
      }
      if (this.#failing) this.log.info({ event: 'history_saved' }, 'the history of metrics is stored again');
      this.#failing = false;
    } catch (error) {
      // The store tells by itself why it cannot be used.
      if (!this.#failing)
        this.log.warn({ event: 'history_not_saved', err: error }, 'the history of metrics is kept in memory only');
      this.#failing = true;
    }
  }

  /** What no metric tells, or only to one reader: the monitors of the exposition begin anew with every scrape. */
  #plotProcess(): void {
    const delay = (): number => Math.max(0, this.#loop.percentile(95) / 1e6 - LOOP_MONITOR_MS) / 1000;
    this.registry.plot({
      tracks: [
        { name: 'event_loop_delay', kind: 'gauge', from: delay },
        { name: 'heap_bytes', kind: 'gauge', from: () => getHeapStatistics().used_heap_size },
        { name: 'rss_bytes', kind: 'gauge', from: () => process.memoryUsage.rss() },
      ],
      series: [
        {
          name: 'event_loop_delay',
          unit: 's',
          help: 'How late the event loop runs: the 95th percentile of ten seconds, and the highest of those in a longer step.',
          shown: { as: 'highest', of: 'event_loop_delay' },
        },
        { name: 'heap_bytes', unit: 'bytes', help: 'Heap in use.', shown: { as: 'mean', of: 'heap_bytes' } },
        {
          name: 'rss_bytes',
          unit: 'bytes',
          help: 'Memory of the process.',
          shown: { as: 'mean', of: 'rss_bytes' },
        },
        {
          name: 'up',
          unit: '',
          help: 'Share of the step in which the node ran; unknown, not zero, where it did not run at all.',
          shown: { as: 'presence' },
        },
      ],
    });
  }
}
