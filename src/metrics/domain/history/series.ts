import { quantile } from './quantile.js';
import { type Sample } from './sample.js';

/** Something that is kept of every sample, and read from a metric: the sum over those of its label sets that are meant. */
export interface Track {
  /** Its name in what is stored: never given another meaning. */
  readonly name: string;
  readonly kind: 'count' | 'gauge' | 'buckets';
  /** Name of the metric; or, for what no metric tells, how to read a gauge. */
  readonly from: string | (() => number | undefined);
  /** Which label sets are meant; all of them when it is absent. */
  readonly where?: (labels: Readonly<Record<string, string | number>>) => boolean;
  /** What a gauge stands at while it has no label sets; unknown when it is absent. */
  readonly otherwise?: number;
}

/** How a series is told from what was kept. */
export type Shown =
  /** Growth of a counter in a minute. */
  | { readonly as: 'rate'; readonly of: string }
  /** Growth of a counter in the step. */
  | { readonly as: 'sum'; readonly of: string }
  /** Mean of a gauge. */
  | { readonly as: 'mean'; readonly of: string }
  /** Highest reading of a gauge. */
  | { readonly as: 'highest'; readonly of: string }
  /** A quantile of a histogram, interpolated within the bucket it falls in. */
  | { readonly as: 'quantile'; readonly of: string; readonly q: number }
  /** One less the share that `part` has of the counter `of`. */
  | { readonly as: 'share_without'; readonly of: string; readonly part: string }
  /** Share of the time in which there was a node to take samples. */
  | { readonly as: 'presence' };

/** One line of a plot. */
export interface Series {
  readonly name: string;
  /** Unit as it stands beside an axis: `s`, `bytes`, `per minute`, or empty for a plain number. */
  readonly unit: string;
  /** One sentence. */
  readonly help: string;
  readonly shown: Shown;
}

/** Names of the tracks a series is told from. */
export function tracksOf({ shown }: Series): string[] {
  if (shown.as === 'presence') return [];
  return shown.as === 'share_without' ? [shown.of, shown.part] : [shown.of];
}

/**
 * What a series stands at in a span of `seconds`; null where the samples do not tell.
 * @param boundsOf upper bounds of a histogram's buckets, by track
 */
export function valueOf(
  { shown }: Series,
  sample: Sample,
  seconds: number,
  boundsOf: (track: string) => readonly number[],
): number | null {
  if (shown.as === 'presence') return Math.min(1, sample.seconds / seconds);
  const count = sample.counts[shown.of];
  const gauge = sample.gauges[shown.of];
  switch (shown.as) {
    case 'rate':
      return count === undefined || sample.seconds === 0 ? null : (count * 60) / sample.seconds;
    case 'sum':
      return count ?? null;
    case 'mean':
      return gauge?.mean ?? null;
    case 'highest':
      return gauge?.max ?? null;
    case 'quantile':
      return quantile(shown.q, sample.buckets[shown.of] ?? {}, boundsOf(shown.of)) ?? null;
    case 'share_without': {
      const part = sample.counts[shown.part];
      return count === undefined || part === undefined || count === 0 ? null : Math.max(0, 1 - part / count);
    }
  }
}
