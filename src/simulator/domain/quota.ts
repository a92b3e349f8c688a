import { type Clock } from '../../kernel/clock.js';
import { type JsonObject } from './json.js';
import { retryInfo, RpcError, secondsText } from './rpc-error.js';

/** How many requests one project may send to one model. */
export interface QuotaLimits {
  /** Requests in a window of one minute. */
  readonly perMinute?: number | undefined;
  /** Requests between two midnights in California. */
  readonly perDay?: number | undefined;
}

/** Which of the two windows is used up. */
export type QuotaWindow = 'PerMinute' | 'PerDay';

interface Use {
  minuteEnds: number;
  inMinute: number;
  dayEnds: number;
  inDay: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MAX_TRACKED = 1_000;
const HELP = {
  '@type': 'type.googleapis.com/google.rpc.Help',
  links: [
    { description: 'Learn more about Gemini API quotas', url: 'https://ai.google.dev/gemini-api/docs/rate-limits' },
  ],
};

/** Counts requests per project and model, and refuses with Google's 429 when a window is full. */
export class QuotaLedger {
  readonly #clock: Clock;
  readonly #uses = new Map<string, Use>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes one request into account, or throws the 429 that tells the true remaining wait. */
  take(project: string, model: string, limits: QuotaLimits): void {
    if (limits.perMinute === undefined && limits.perDay === undefined) return;
    const use = this.#current(`${project}\n${model}`);
    if (limits.perDay !== undefined && use.inDay >= limits.perDay) {
      throw quotaError({ window: 'PerDay', model, value: limits.perDay, waitMs: use.dayEnds - this.#clock.wall() });
    }
    if (limits.perMinute !== undefined && use.inMinute >= limits.perMinute) {
      throw quotaError({
        window: 'PerMinute',
        model,
        value: limits.perMinute,
        waitMs: use.minuteEnds - this.#clock.now(),
      });
    }
    use.inDay++;
    use.inMinute++;
  }

  #current(key: string): Use {
    let use = this.#uses.get(key);
    if (use === undefined) {
      use = { minuteEnds: 0, inMinute: 0, dayEnds: 0, inDay: 0 };
      const oldest = this.#uses.keys().next().value;
      if (this.#uses.size >= MAX_TRACKED && oldest !== undefined) this.#uses.delete(oldest);
      this.#uses.set(key, use);
    }
    const now = this.#clock.now();
    if (now >= use.minuteEnds) Object.assign(use, { minuteEnds: now + MINUTE_MS, inMinute: 0 });
    const wall = this.#clock.wall();
    if (wall >= use.dayEnds) Object.assign(use, { dayEnds: nextPacificMidnight(wall), inDay: 0 });
    return use;
  }
}

/** The 429 of a full window, with the details Google adds to it. */
export function quotaError(full: { window: QuotaWindow; model: string; value: number; waitMs: number }): RpcError {
  const metric = 'generativelanguage.googleapis.com/generate_content_free_tier_requests';
  const message =
    'You exceeded your current quota, please check your plan and billing details. For more information on this error, ' +
    'head to: https://ai.google.dev/gemini-api/docs/rate-limits.\n' +
    `* Quota exceeded for metric: ${metric}, limit: ${full.value}, model: ${full.model}\n` +
    `Please retry in ${secondsText(full.waitMs)}s.`;
  return new RpcError('RESOURCE_EXHAUSTED', message, [HELP, quotaFailure(metric, full), retryInfo(full.waitMs)]);
}

function quotaFailure(metric: string, full: { window: QuotaWindow; model: string; value: number }): JsonObject {
  const violation = {
    quotaMetric: metric,
    quotaId: `GenerateRequests${full.window}PerProjectPerModel-FreeTier`,
    quotaDimensions: { model: full.model, location: 'global' },
    quotaValue: String(full.value),
  };
  return { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [violation] };
}

/** The next midnight in California after a moment, both in milliseconds since the epoch. */
export function nextPacificMidnight(wall: number): number {
  // The offset is read at the end of the day in question, so that the two days of a clock change come out right.
  const dayStart = Math.floor((wall + pacificOffset(wall)) / DAY_MS) * DAY_MS;
  const guess = dayStart + DAY_MS;
  return guess - pacificOffset(guess - pacificOffset(wall));
}

const PACIFIC = new Intl.DateTimeFormat('en-US', { timeZone: 'America/Los_Angeles', timeZoneName: 'longOffset' });

function pacificOffset(wall: number): number {
  const zone = PACIFIC.formatToParts(wall).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT-08:00';
  const match = /GMT([+-])(\d+):(\d+)/.exec(zone);
  const minutes = Number(match?.[2] ?? 8) * 60 + Number(match?.[3] ?? 0);
  return (match?.[1] === '+' ? 1 : -1) * minutes * 60_000;
}
