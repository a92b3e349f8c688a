import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../kernel/clock.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type SettingsOf } from '../platform/settings.js';
import { type Place } from './domain/limits/adaptive-limit.js';
import { BulkheadBook } from './domain/limits/bulkhead-book.js';
import { type Bulkhead, type BulkheadOptions, type Candidate } from './domain/limits/bulkhead.js';
import { ResilienceMetrics } from './resilience.metrics.js';
import { resilienceSettings } from './resilience.settings.js';

/** How often those who have waited too long are looked for, while somebody waits, ms. */
const EXPIRE_MS = 250;
/** Times to a first token vary with the prompts far more than those of other services. */
const TOLERANCE = 2.5;

/** Which bulkhead: that of a model, apart for streams and for answers in one piece. */
export interface Compartment {
  readonly series: string;
  readonly streamed: boolean;
}

/** The places for attempts, per model, and those who wait for one. */
@Injectable()
export class Bulkheads {
  readonly #book: BulkheadBook;
  readonly #streamed: BulkheadOptions;
  readonly #whole: BulkheadOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(resilienceSettings.KEY) private readonly settings: SettingsOf<typeof resilienceSettings>,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly metrics: ResilienceMetrics,
  ) {
    const { modelPlacesInitial: initial, modelPlacesCeiling: ceiling, queueLimit: queue } = settings;
    const floor = Math.min(settings.modelPlacesFloor, ceiling);
    this.#book = new BulkheadBook(clock);
    this.#streamed = { limit: { initial, floor, ceiling, tolerance: TOLERANCE }, queue };
    // How long a whole answer takes depends on what is asked: only what is dropped tells of too much load.
    this.#whole = { limit: { initial: ceiling, floor, ceiling, tolerance: Number.POSITIVE_INFINITY }, queue };
    metrics.attachBulkheads(() => this.#book.list());
  }

  /** Takes a place at once; undefined when there is none, or when others wait for one. */
  enter(compartment: Compartment): Place | undefined {
    return this.#bulkhead(compartment).enter();
  }

  /** Whether there is a place to be taken at once. */
  hasRoom(compartment: Compartment): boolean {
    return this.#bulkhead(compartment).hasRoom;
  }

  /** Waits for a place within the limit on waiting: calls back once. The result gives the waiting up, without a word. */
  wait(compartment: Compartment, candidate: Candidate): () => void {
    this.#timer ??= this.#watch();
    return this.#bulkhead(compartment).wait({
      priority: candidate.priority,
      deadline: Math.min(candidate.deadline, this.clock.now() + this.settings.queueWaitMs),
      go: (place) => {
        candidate.go(place);
      },
      shed: (why, retryAfterMs) => {
        this.metrics.refused(why);
        candidate.shed(why, retryAfterMs);
      },
    });
  }

  /** Every bulkhead by name, with what is in use of it. */
  list(): ReturnType<BulkheadBook['list']> {
    return this.#book.list();
  }

  /** Bulkheads in use, and the places of all of them together. */
  get load(): { readonly bulkheads: number; readonly places: number } {
    const all = this.#book.list();
    return { bulkheads: all.length, places: all.reduce((sum, [, { limit }]) => sum + limit, 0) };
  }

  /** Halves the places of each; none falls below its floor, and all grow back as they are used. */
  shrink(): void {
    for (const [, bulkhead] of this.#book.list()) bulkhead.shrink();
  }

  #bulkhead({ series, streamed }: Compartment): Bulkhead {
    return streamed
      ? this.#book.get(`${series} stream`, this.#streamed)
      : this.#book.get(`${series} whole`, this.#whole);
  }

  #watch(): NodeJS.Timeout {
    return setInterval(() => {
      if (this.#book.expire()) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    }, EXPIRE_MS).unref();
  }
}
