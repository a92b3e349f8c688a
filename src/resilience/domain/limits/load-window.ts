import { type Clock } from '../../../kernel/clock.js';

/** What a window of measurements came to. */
export interface Load {
  /** Median of the times, ms; undefined when all were dropped. */
  readonly medianMs: number | undefined;
  /** Share of attempts that were dropped, 0..1. */
  readonly droppedShare: number;
  /** Most attempts in flight at once. */
  readonly maxInFlight: number;
  readonly lengthMs: number;
}

/** A window is at least so long, ms, and twice the last median, so that it shows what the last change of limit did. */
const LEAST_MS = 1_000;
const MEDIANS = 2;
/** Measurements a window has at least: fewer have no median worth the name. */
const LEAST_SAMPLES = 10;
/** Times kept per window; of more, the latest. */
const MOST_SAMPLES = 256;

/** Gathers measurements until they are worth a judgement. Memory is constant. */
export class LoadWindow {
  readonly #times: number[] = [];
  #seen = 0;
  #dropped = 0;
  #maxInFlight = 0;
  #start: number;
  #lastMedian = 0;

  constructor(private readonly clock: Clock) {
    this.#start = clock.now();
  }

  /** Takes in how many attempts are in flight. */
  saw(inFlight: number): void {
    this.#maxInFlight = Math.max(this.#maxInFlight, inFlight);
  }

  /** Adds a time in ms, or undefined for an attempt that was dropped; the load once the window is full. */
  add(ms: number | undefined): Load | undefined {
    if (ms === undefined) this.#dropped++;
    else this.#times[this.#seen++ % MOST_SAMPLES] = ms;
    const lengthMs = this.clock.now() - this.#start;
    const samples = this.#seen + this.#dropped;
    if (samples < LEAST_SAMPLES || lengthMs < Math.max(LEAST_MS, MEDIANS * this.#lastMedian)) return undefined;
    const sorted = [...this.#times].sort((a, b) => a - b);
    const medianMs = sorted[Math.floor(sorted.length / 2)];
    this.#lastMedian = medianMs ?? 0;
    return { medianMs, droppedShare: this.#dropped / samples, maxInFlight: this.#maxInFlight, lengthMs };
  }

  /** Begins a new window, with so many attempts in flight. */
  restart(inFlight: number): void {
    this.#times.length = 0;
    this.#seen = this.#dropped = 0;
    this.#maxInFlight = inFlight;
    this.#start = this.clock.now();
  }
}
