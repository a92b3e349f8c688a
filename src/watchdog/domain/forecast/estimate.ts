import { BUCKETS, type Level } from './level-record.js';
import { trendOf } from './trend.js';

/** Levels below which there is no trend. */
const LEAST_LEVELS = 10;
/** Share of the horizon that has to be seen before anything is said. */
const LEAST_SEEN = 0.25;

/** How far ahead is looked, and how often readings come; both ms. */
export interface ForecastPace {
  readonly horizonMs: number;
  readonly intervalMs: number;
}

/** Why nothing can be said: nothing was read, readings come too seldom for the horizon ever to hold enough, or it has just begun. */
export type UnknownWhy = 'unread' | 'too_seldom' | 'too_new';

/** What can be said of a stock and its limit. */
export type Estimate =
  /** `knownInMs` is the least time until it is known, where that can be said. */
  | { readonly kind: 'unknown'; readonly why: UnknownWhy; readonly knownInMs: number | undefined }
  | { readonly kind: 'no_limit' }
  | {
      readonly kind: 'known';
      /** Share of the pairs of readings whose pace leads to the limit within the reach, 0 to 1. Not calibrated. */
      readonly probability: number;
      /** Until the limit at the median pace, ms; undefined where that does not lead there within the reach. */
      readonly dueMs: number | undefined;
    };

/**
 * Whether a stock reaches its limit if it goes on as it did. A trend is believed no further ahead than it has been
 * watched: the reach is the span that was seen, at most the horizon. `now` in monotonic ms.
 */
export function estimate(levels: readonly Level[], limit: number | null, now: number, pace: ForecastPace): Estimate {
  if (limit === null) return { kind: 'no_limit' };
  const stepMs = Math.max(pace.horizonMs / BUCKETS, pace.intervalMs);
  if (stepMs * LEAST_LEVELS > pace.horizonMs) return { kind: 'unknown', why: 'too_seldom', knownInMs: undefined };
  const [first, last] = [levels[0], levels.at(-1)];
  if (first === undefined || last === undefined) return { kind: 'unknown', why: 'unread', knownInMs: undefined };
  const seenMs = last.at - first.at;
  const knownInMs = Math.max((LEAST_LEVELS - levels.length) * stepMs, LEAST_SEEN * pace.horizonMs - seenMs);
  if (knownInMs > 0) return { kind: 'unknown', why: 'too_new', knownInMs };
  const { slopes, slope, level } = trendOf(levels, now);
  if (level >= limit) return { kind: 'known', probability: 1, dueMs: 0 };
  const reachMs = Math.min(pace.horizonMs, seenMs);
  const needed = (limit - level) / reachMs;
  const probability = slopes.filter((one) => one >= needed).length / slopes.length;
  return { kind: 'known', probability, dueMs: slope >= needed ? (limit - level) / slope : undefined };
}
