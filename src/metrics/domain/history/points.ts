import { floor, type SamplePlace } from './recording.js';
import { type TimeRange } from './resolution.js';
import { EMPTY_SAMPLE, mergeSamples, type Sample } from './sample.js';
import { type Series, tracksOf, valueOf } from './series.js';

/** When a step begins, seconds since the epoch, and what a series stood at in it; null where nothing is known. */
export type Point = readonly [at: number, value: number | null];

/** What was gathered of one step. */
interface Gathered {
  readonly sample: Sample;
  /** Seconds of each life. */
  readonly lives: ReadonlyMap<string, number>;
}

/** Digits of a value that are worth their place in an answer. */
const DIGITS = 6;

/** Gathers samples into the points of a plot, whatever order they come in. */
export class PointGatherer {
  readonly #gathered = new Map<number, Gathered>();
  readonly #tracks: ReadonlySet<string>;
  /** Where the first step begins and the last one ends. */
  readonly range: TimeRange;

  /** @param end where the latest sample ends: later than that nothing can be known yet, which is no gap. */
  constructor(
    private readonly series: readonly Series[],
    range: TimeRange,
    private readonly step: number,
    private readonly end: number,
  ) {
    this.range = { from: floor(range.from, step), to: floor(Math.min(range.to, end) - 1, step) + step };
    this.#tracks = new Set(series.flatMap(tracksOf));
  }

  /** Adds what happened to one life in a stretch that begins at `at`, seconds since the epoch. */
  add({ at, life }: Pick<SamplePlace, 'at' | 'life'>, sample: Sample): void {
    const start = floor(at, this.step);
    if (start < this.range.from || start >= this.range.to) return;
    const before = this.#gathered.get(start);
    this.#gathered.set(start, {
      sample: mergeSamples(before?.sample ?? EMPTY_SAMPLE, sample, this.#tracks),
      lives: new Map(before?.lives).set(life, (before?.lives.get(life) ?? 0) + sample.seconds),
    });
  }

  /** The points of one series, one for each step. */
  points(series: Series, boundsOf: (track: string) => readonly number[]): Point[] {
    const points: Point[] = [];
    for (let at = this.range.from; at < this.range.to; at += this.step) {
      const seconds = Math.min(this.step, this.end - at);
      const sample = withinSpan(this.#gathered.get(at), seconds);
      const value = sample === undefined ? null : valueOf(series, sample, seconds, boundsOf);
      points.push([at, value === null ? null : Number(value.toPrecision(DIGITS))]);
    }
    return points;
  }
}

/** Lives that went on side by side, as processes of one node do, do not make a step longer than it is. */
function withinSpan(gathered: Gathered | undefined, seconds: number): Sample | undefined {
  if (gathered === undefined) return undefined;
  const { sample, lives } = gathered;
  return { ...sample, seconds: Math.min(sample.seconds, Math.max(seconds, ...lives.values())) };
}
