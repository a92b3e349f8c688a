import { known, knownOf, record, text } from './json.js';

/** A minute of a line: when it begins, seconds since the epoch, and the value in it; null where nothing is known. */
export type LinePoint = readonly [at: number, value: number | null];

/** What the page uses of `GET /metrics/recent`. */
export interface RecentReading {
  /** Of the window, seconds, and how much of it the process has seen. */
  readonly window: number;
  readonly covered: number;
  /** Series over the window. */
  readonly values: Readonly<Record<string, number | null>>;
  /** By how much counters grew in it. */
  readonly counts: Readonly<Record<string, number | null>>;
  /** The last hour by the minute. */
  readonly lines: Readonly<Record<string, readonly LinePoint[]>>;
}

/** The series that are asked for: those with a line of their own. */
export const RECENT_SERIES = ['answered_ratio', 'rescued', 'first_token_p95', 'requests', 'tokens'] as const;

/** Longest line that is drawn, points: a day of minutes. */
const LONGEST = 1440;

/** Reads the answer of `GET /metrics/recent`. */
export function readRecent(answer: unknown): RecentReading | 'unknown' {
  const told = record(answer);
  const [window, covered] = [known(told['window_seconds']), known(told['covered_seconds'])];
  if (window === null || covered === null || text(told['timestamp']) === '') return 'unknown';
  const points = record(record(told['lines'])['points']);
  return {
    window,
    covered,
    values: knownOf(told['values']),
    counts: knownOf(told['counts']),
    lines: Object.fromEntries(Object.entries(points).map(([name, line]) => [name, lineOf(line)])),
  };
}

function lineOf(value: unknown): LinePoint[] {
  if (!Array.isArray(value)) return [];
  return value.slice(-LONGEST).flatMap((point: unknown) => {
    const [at, number] = Array.isArray(point) ? (point as unknown[]) : [];
    return typeof at === 'number' ? [[at, known(number)] as const] : [];
  });
}
