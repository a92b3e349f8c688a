import { type Buckets } from './sample.js';

/**
 * The quantile `q`, 0..1, of observations of which only the buckets are known, interpolated within its bucket; undefined
 * without observations. Beyond the last finite bound it is that bound. (As `histogram_quantile` of Prometheus has it.)
 * @param bounds every upper bound of the histogram, ascending, without infinity
 */
export function quantile(q: number, buckets: Buckets, bounds: readonly number[]): number | undefined {
  const known = Object.entries(buckets)
    .map(([bound, count]) => ({ bound: bound === '+Inf' ? Infinity : Number(bound), count }))
    .filter(({ bound }) => !Number.isNaN(bound))
    .sort((a, b) => a.bound - b.bound);
  const total = known.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return undefined;
  const rank = q * total;
  let below = 0;
  for (const { bound, count } of known) {
    if (count > 0 && below + count >= rank) {
      const low = bounds.filter((one) => one < bound).at(-1) ?? 0;
      return bound === Infinity ? low : low + (bound - low) * ((rank - below) / count);
    }
    below += count;
  }
  return undefined;
}
