import { type Clock } from '../../../kernel/clock.js';
import { type KeptStep, SAMPLE_SECONDS, STEPS } from './resolution.js';
import { mergeSamples, type Readings, type Sample, sampleBetween } from './sample.js';

/** A sample of a stretch of one life: which stretch it is. */
export interface SamplePlace {
  readonly step: KeptStep;
  /** Where the stretch begins, seconds since the epoch: a multiple of the step. */
  readonly at: number;
  /** Which life of the node. Two lives have samples of one stretch, and so has one whose clock was set back. */
  readonly life: string;
}

/** A sample with its place. */
export interface PlacedSample extends SamplePlace {
  readonly sample: Sample;
}

/** Samples at hand, by step: an hour of every ten seconds, four hours of minutes, two days of hours; some 2 MB in all. */
const AT_HAND: Readonly<Record<KeptStep, number>> = { 10: 360, 60: 240, 3600: 48 };

/** Half of the time between two samples, ms: one that is taken early or late by less falls where it belongs. */
const HALF_MS = SAMPLE_SECONDS * 500;

/**
 * The samples of one life: the latest are at hand, and those that are not stored as they are now are known. Minutes and
 * hours grow with every sample, so that none has to be computed from what is stored.
 */
export class Recording {
  readonly #rows: Record<KeptStep, Map<string, PlacedSample>> = { 10: new Map(), 60: new Map(), 3600: new Map() };
  readonly #unsaved = new Map<string, PlacedSample>();
  #life: string;
  #turns = 0;
  #taken = 0;
  #last: { readings: Readings; mono: number; at: number };

  /** @param name of this life, unlike that of any other; `readings` are where it begins. */
  constructor(
    private readonly name: string,
    private readonly clock: Clock,
    readings: Readings,
  ) {
    this.#life = name;
    this.#last = { readings, mono: clock.now(), at: 0 };
  }

  /** Takes what the metrics stand at now, for what happened since the last time. */
  take(readings: Readings): void {
    const sample = this.running(readings);
    const at = floor((this.clock.wall() - HALF_MS) / 1000, SAMPLE_SECONDS);
    // A clock that was set back leads to stretches that are stored already: what is there must not be lost.
    if (at < this.#last.at) this.#life = `${this.name}.${++this.#turns}`;
    for (const step of STEPS) this.#add(step, floor(at, step), sample);
    this.#last = { readings, mono: this.clock.now(), at };
    this.#taken++;
  }

  /** Samples taken so far. */
  get taken(): number {
    return this.#taken;
  }

  /** What has happened since the last sample, by readings made after it; it is looked at and not kept. */
  running(readings: Readings): Sample {
    return sampleBetween(this.#last.readings, readings, Math.max(0, this.clock.now() - this.#last.mono) / 1000);
  }

  /** Where the stretch of the latest sample ends, seconds since the epoch; 0 before the first. */
  get end(): number {
    return this.#last.at === 0 ? 0 : this.#last.at + SAMPLE_SECONDS;
  }

  /** Samples at hand of stretches that begin at `from` or later, and before `to`. */
  atHand(step: KeptStep, from: number, to: number): PlacedSample[] {
    return [...this.#rows[step].values()].filter(({ at }) => at >= from && at < to);
  }

  /** Whether the sample of this place is at hand. */
  has(place: SamplePlace): boolean {
    return this.#rows[place.step].has(keyOf(place));
  }

  /** What is to be stored now, oldest first; an hour only once a minute, and at the end of this life. */
  unsaved(): PlacedSample[] {
    return [...this.#unsaved.values()];
  }

  /** The samples are stored, as they were given. */
  saved(samples: readonly PlacedSample[]): void {
    for (const one of samples) if (this.#unsaved.get(keyOf(one)) === one) this.#unsaved.delete(keyOf(one));
  }

  /** The life ends: everything is to be stored as it is now. */
  finish(): void {
    for (const step of STEPS) {
      const latest = [...this.#rows[step].values()].at(-1);
      if (latest !== undefined) this.#unsaved.set(keyOf(latest), latest);
    }
  }

  #add(step: KeptStep, at: number, sample: Sample): void {
    const rows = this.#rows[step];
    const place = { step, at, life: this.#life };
    const key = keyOf(place);
    const before = rows.get(key);
    const row = { ...place, sample: before === undefined ? sample : mergeSamples(before.sample, sample) };
    rows.set(key, row);
    const due = step !== 3600 || before === undefined || this.#unsaved.has(key) || this.#minuteBeganWith(sample);
    if (due) this.#unsaved.set(key, row);
    const [oldest] = rows.keys();
    if (rows.size <= AT_HAND[step] || oldest === undefined) return;
    rows.delete(oldest);
    this.#unsaved.delete(oldest);
  }

  #minuteBeganWith(sample: Sample): boolean {
    return [...this.#rows[60].values()].at(-1)?.sample === sample;
  }
}

function keyOf({ step, at, life }: SamplePlace): string {
  return `${step} ${at} ${life}`;
}

/** The multiple of `step` at or below `value`. */
export function floor(value: number, step: number): number {
  return Math.floor(value / step) * step;
}
