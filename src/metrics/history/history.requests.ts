import { z } from 'zod';
import { parseDuration } from '../../kernel/duration.js';

/** What `GET /metrics/history` was asked for, as far as it can be read without knowing the series and the time. */
export interface HistoryQuery {
  /** Names of series; undefined asks for the list of them. */
  readonly series: readonly string[] | undefined;
  /** Seconds since the epoch. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** Seconds. */
  readonly step: number | undefined;
}

/** What `GET /metrics/recent` was asked for: names of series; undefined asks for all. */
export type RecentQuery = Pick<HistoryQuery, 'series'>;

/** Most series of one answer; all there are fit in. */
const MOST_SERIES = 50;
/** Longest text of a time or of a step. */
const LONGEST = 40;
/** The end of the year 9999, seconds since the epoch: later times cannot be written. */
const LAST = 253_402_300_799;

const once = z.string('must be given once');

const time = once
  .max(LONGEST, 'is too long')
  .transform((text, context) => {
    if (text === '') return undefined;
    const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text) / 1000;
    if (seconds >= 0 && seconds <= LAST) return seconds;
    context.addIssue({
      code: 'custom',
      message: 'must be a time such as 2026-01-31T08:00:00Z, or seconds since 1970 such as 1769846400',
    });
    return z.NEVER;
  })
  .optional();

const step = once
  .max(LONGEST, 'is too long')
  .transform((text, context) => {
    if (text === '') return undefined;
    const ms = parseDuration(text, 's');
    if (ms !== undefined && ms % 1000 === 0 && ms > 0) return ms / 1000;
    context.addIssue({ code: 'custom', message: 'must be a duration in whole seconds, such as 10s, 1m or 1h' });
    return z.NEVER;
  })
  .optional();

const series = once
  .max(2000, 'is too long')
  .transform((text, context) => {
    const names = [...new Set(text.split(',').map((name) => name.trim()))].filter((name) => name !== '');
    if (names.length > MOST_SERIES) {
      context.addIssue({ code: 'custom', message: `must name ${MOST_SERIES} series at most` });
      return z.NEVER;
    }
    return names.length === 0 ? undefined : names;
  })
  .optional();

/** Reads the parameters of `GET /metrics/history`. */
export const historyQuery: z.ZodType<HistoryQuery> = z
  .object({ series, from: time, to: time, step })
  .transform(({ series, from, to, step }) => ({ series, from, to, step }));

/** Reads the parameters of `GET /metrics/recent`. */
export const recentQuery: z.ZodType<RecentQuery> = z.object({ series }).transform(({ series }) => ({ series }));
