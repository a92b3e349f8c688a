import { type UpstreamError } from '../upstream-error.js';
import { nextPacificMidnight } from './pacific-midnight.js';
import { type QuotaDetails, readQuotaDetails } from './quota-details.js';

/**
 * What a 429 means: a window of a minute or a day is used up, the servers are full (`capacity`: not a quota at all,
 * treat it as a 503), or nothing was said (`unknown`).
 */
export type QuotaKind = 'per_minute' | 'per_day' | 'capacity' | 'unknown';

/** A 429, understood. */
export interface QuotaVerdict {
  readonly kind: QuotaKind;
  /**
   * How long to leave the target alone, ms, 0 to 25 hours; undefined when the upstream did not say
   * (then the rest grows with each repetition) and for `capacity` without a wait.
   */
  readonly restMs: number | undefined;
  /** Whose quota it is. Gemini counts per project; a limit per user belongs to one key. */
  readonly scope: 'project' | 'key';
  /** The model the quota belongs to, where the upstream names it. */
  readonly model: string | undefined;
}

/** What is known besides the error itself. */
export interface QuotaContext {
  /** Time now, ms since the Unix epoch. */
  readonly wall: number;
  /** Wait asked for by response headers, ms. */
  readonly headerMs?: number | undefined;
}

/** Rest for a window of a minute when no wait is told, ms. */
const MINUTE_MS = 60_000;
/** A wait above this is no matter of minutes, ms. */
const LONG_MS = 300_000;
/** A wait of nothing would be obeyed at once, and refused again, ms. */
const LEAST_MS = 500;
/**
 * For this long after midnight a day that is "used up" may be yesterday's: clocks differ, and resets take a while.
 * Believing it would cost the whole new day. ms
 */
const MIDNIGHT_GRACE_MS = 300_000;

/** Understands a 429 from its details, its text and the wait its headers ask for; the longest wait told counts. */
export function quotaVerdict(error: UpstreamError, context: QuotaContext): QuotaVerdict {
  const details = readQuotaDetails(error);
  const told = [details.waitMs, context.headerMs].filter((ms) => ms !== undefined && Number.isFinite(ms));
  const waitMs = told.length === 0 ? undefined : Math.max(...(told as number[]));
  const scope = details.limits.some((limit) => /PerUser/i.test(limit)) ? 'key' : 'project';
  return { ...judge(details, waitMs, context.wall), scope, model: details.model };
}

function judge(
  details: QuotaDetails,
  waitMs: number | undefined,
  wall: number,
): { kind: QuotaKind; restMs: number | undefined } {
  const untilReset = nextPacificMidnight(wall) - wall;
  if (details.capacity) return { kind: 'capacity', restMs: capped(waitMs, LONG_MS) };
  // The day wins over everything: next to it Google says `retryDelay: 40s`, which is of no use.
  if (details.none || details.limits.some((limit) => /per[ _-]?day/i.test(limit))) {
    return { kind: 'per_day', restMs: justReset(wall) ? MINUTE_MS : untilReset };
  }
  // 86,400 s is how some say "tomorrow"; the quota is back at the reset, and never rests beyond it.
  if (waitMs !== undefined && waitMs > LONG_MS) return { kind: 'per_day', restMs: Math.min(waitMs, untilReset) };
  const minute = details.limits.some((limit) => /per[ _-]?minute/i.test(limit));
  if (minute) return { kind: 'per_minute', restMs: Math.max(waitMs ?? MINUTE_MS, LEAST_MS) };
  // A wait without a reason is a window that ends within minutes.
  return waitMs === undefined || waitMs < LEAST_MS
    ? { kind: 'unknown', restMs: undefined }
    : { kind: 'per_minute', restMs: waitMs };
}

function justReset(wall: number): boolean {
  return nextPacificMidnight(wall - MIDNIGHT_GRACE_MS) <= wall;
}

function capped(ms: number | undefined, most: number): number | undefined {
  return ms === undefined ? undefined : Math.min(ms, most);
}
