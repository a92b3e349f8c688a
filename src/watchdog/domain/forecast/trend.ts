import { type Level } from './level-record.js';

/** Levels at the end that say where the stock stands now: one that is out of line does not. */
const PRESENT = 5;

/** How a stock grows. */
export interface Trend {
  /** Slopes between all pairs of levels, ascending; units per ms. */
  readonly slopes: Float64Array;
  /** Their median; units per ms. */
  readonly slope: number;
  /** Where the stock stands now, by the last few levels carried forward. */
  readonly level: number;
}

/**
 * The trend of at least two levels, by the estimator of Theil (1950) and Sen (1968): the median of the slopes of all
 * pairs. More than a quarter of the levels would have to be out of line to move it far.
 */
export function trendOf(levels: readonly Level[], now: number): Trend {
  const slopes = new Float64Array((levels.length * (levels.length - 1)) / 2);
  let pair = 0;
  for (const [i, a] of levels.entries())
    for (const b of levels.slice(i + 1)) slopes[pair++] = (b.used - a.used) / (b.at - a.at);
  slopes.sort();
  const slope = median(slopes);
  const present = levels.slice(-PRESENT).map(({ at, used }) => used + slope * (now - at));
  return { slopes, slope, level: median(Float64Array.from(present).sort()) };
}

/** The middle of ascending numbers, of which there is at least one. */
function median(ascending: Float64Array): number {
  const [below = 0, above = below] = ascending.slice((ascending.length - 1) >> 1);
  return ascending.length % 2 === 0 ? (below + above) / 2 : below;
}
