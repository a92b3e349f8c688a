import { type Clock } from '../../../kernel/clock.js';
import { LoadWindow } from './load-window.js';

/** Bounds and manners of an adaptive limit. */
export interface AdaptiveLimitOptions {
  /** Limit to begin with, attempts in flight. */
  readonly initial: number;
  /** The limit never falls below this: so few cannot be what slows an upstream down. */
  readonly floor: number;
  /** The limit never rises above this, whatever is measured. */
  readonly ceiling: number;
  /** The median may be so many times the baseline before the limit falls, above 1. */
  readonly tolerance: number;
}

/** Times to a first token vary with the prompts far more than those of other services, hence the tolerance. */
export const USUAL_ADAPTIVE: AdaptiveLimitOptions = { initial: 100, floor: 20, ceiling: 1_000, tolerance: 2.5 };

/** A window in which more than this share was dropped says nothing but that it was too much. */
const DROPPED_SHARE = 0.1;
/** No window brings the limit down by more than this factor. */
const MOST_DOWN = 0.5;
/** Part of the way to a lower limit that is gone per window. */
const SMOOTHING = 0.4;
/** Part of the way to a lower baseline that is gone per window: good news is believed soon. */
const BASELINE_DOWN = 0.3;
/** Time in which the baseline doubles at most, and only while no more than the floor is in flight, ms. */
const BASELINE_DOUBLING_MS = 120_000;

/** A place of one attempt in flight. */
export class Place {
  #measured = false;
  #left = false;

  /** @param began monotonic ms */
  constructor(
    private readonly began: number,
    private readonly limit: AdaptiveLimit,
  ) {}

  /** The first token came: its time since the place was given counts. */
  firstToken(): void {
    this.#measure(false);
  }

  /** Time-out or overload: the upstream could not carry it. */
  dropped(): void {
    this.#measure(true);
  }

  /** The upstream is done with the attempt; its place is free. More than once is once. */
  leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.limit.left(this.began);
  }

  #measure(dropped: boolean): void {
    if (this.#measured) return;
    this.#measured = true;
    this.limit.measured(this.began, dropped);
  }
}

/**
 * How many attempts may be in flight, by the time to their first tokens: a gradient limit after Netflix's
 * concurrency-limits (`Gradient2Limit`), with two known faults of its kind taken care of. Time-outs are not times: they
 * bring the limit down, however steady they are. And the baseline rises only by what is measured with no more than the
 * floor in flight, so that the slowness of an overload, however long, never passes for normal; should the upstream be
 * slower for good, the floor is where that shows.
 */
export class AdaptiveLimit {
  readonly #window: LoadWindow;
  #limit: number;
  #inFlight = 0;
  #baseline: number | undefined;

  /** @param onRoom told when there may be room that was not there; of a place that was left, how long it was held, ms */
  constructor(
    private readonly clock: Clock,
    private readonly options: AdaptiveLimitOptions = USUAL_ADAPTIVE,
    private readonly onRoom: (heldMs?: number) => void = () => undefined,
  ) {
    this.#limit = this.#clamp(options.initial);
    this.#window = new LoadWindow(clock);
  }

  /** Attempts that may be in flight, a whole number between floor and ceiling. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** Attempts in flight. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Time to a first token when there is no crowd, ms; undefined until it was measured. */
  get baselineMs(): number | undefined {
    return this.#baseline;
  }

  /** Takes a place; undefined when all are taken. */
  enter(): Place | undefined {
    if (this.#inFlight >= this.limit) return undefined;
    this.#window.saw(++this.#inFlight);
    return new Place(this.clock.now(), this);
  }

  /** Of `Place`: a place is free, or a measurement has come (ms; undefined for an attempt that was dropped). */
  left(began: number): void {
    this.#inFlight--;
    this.onRoom(this.clock.now() - began);
  }

  measured(began: number, dropped: boolean): void {
    this.#measured(dropped ? undefined : this.clock.now() - began);
  }

  /** Comes down as far as a window of nothing but drops would bring it. */
  shrink(): void {
    this.#limit = this.#clamp(this.#limit * MOST_DOWN);
  }

  #measured(ms: number | undefined): void {
    const load = this.#window.add(ms);
    if (load === undefined) return;
    const { medianMs, droppedShare, maxInFlight, lengthMs } = load;
    if (droppedShare > DROPPED_SHARE || medianMs === undefined) {
      this.#limit = this.#clamp(this.#limit * Math.max(MOST_DOWN, 1 - droppedShare));
    } else {
      this.#learn(medianMs, maxInFlight, lengthMs);
      this.#limit = this.#clamp(this.#next(medianMs, maxInFlight));
    }
    this.#window.restart(this.#inFlight);
    this.onRoom();
  }

  #learn(median: number, maxInFlight: number, lengthMs: number): void {
    const { floor } = this.options;
    if (this.#baseline === undefined) this.#baseline = median;
    else if (median < this.#baseline) this.#baseline += (median - this.#baseline) * BASELINE_DOWN;
    else if (maxInFlight <= floor) {
      this.#baseline = Math.min(median, this.#baseline * 2 ** (lengthMs / BASELINE_DOUBLING_MS));
    }
  }

  #next(median: number, maxInFlight: number): number {
    const { tolerance } = this.options;
    const gradient = Math.max(MOST_DOWN, Math.min(1, (tolerance * (this.#baseline ?? median)) / Math.max(1, median)));
    // Without Netflix's allowance for a queue here: it would hold the limit above the floor, where nothing is learnt.
    if (gradient < 1) return this.#limit * (1 - (1 - gradient) * SMOOTHING);
    // A limit that is not half used is not what holds anyone back: it tells nothing about a higher one.
    return maxInFlight * 2 >= this.#limit ? this.#limit + Math.sqrt(this.#limit) : this.#limit;
  }

  #clamp(limit: number): number {
    return Math.min(this.options.ceiling, Math.max(this.options.floor, limit));
  }
}
