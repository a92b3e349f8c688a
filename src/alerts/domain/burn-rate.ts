/** Requests of one minute. */
interface Minute {
  readonly minute: number;
  total: number;
  failed: number;
}

const MINUTE_MS = 60_000;
/** The longest window. */
const MINUTES = 360;
/** Fewer requests in the long window say nothing of a share. */
const LEAST_REQUESTS = 20;
/** Nor do fewer failures. */
const LEAST_FAILURES = 5;

/** Windows in minutes and burn rates: a page when 2 % of a month's budget goes in an hour, or 5 % in six hours. */
const RULES = [
  { short: 5, long: 60, rate: 14.4 },
  { short: 30, long: 360, rate: 6 },
] as const;

/** How fast the error budget burns: a rate of 1 uses it up exactly within its period. */
export interface Burn {
  readonly rate: number;
  /** Window in minutes. */
  readonly window: number;
  /** Share of failed requests in it, 0..1. */
  readonly failed: number;
}

/**
 * Multi-window, multi-burn-rate alerting on an objective (Google, The Site Reliability Workbook, chapter 5): the long
 * window says that it matters, the short one that it still goes on.
 */
export class BurnRate {
  /** Oldest first; at most one for each minute of the longest window. */
  #minutes: Minute[] = [];

  /** @param objective share of requests that are to succeed, 0..1 exclusive */
  constructor(private readonly objective: number) {}

  /** Takes a request in, at a monotonic time in ms. */
  add(now: number, failed: boolean): void {
    const minute = Math.floor(now / MINUTE_MS);
    let last = this.#minutes.at(-1);
    if (last?.minute !== minute) {
      last = { minute, total: 0, failed: 0 };
      this.#minutes.push(last);
      while ((this.#minutes[0]?.minute ?? minute) <= minute - MINUTES) this.#minutes.shift();
    }
    last.total++;
    if (failed) last.failed++;
  }

  /** What burns too fast at a time; undefined when nothing does. */
  read(now: number): Burn | undefined {
    for (const { short, long, rate } of RULES) {
      const [near, far] = [this.#share(now, short), this.#share(now, long)];
      const limit = rate * (1 - this.objective);
      const enough = far.total >= LEAST_REQUESTS && far.failed >= LEAST_FAILURES;
      if (enough && near.share > limit && far.share > limit)
        return { rate: far.share / (1 - this.objective), window: long, failed: far.share };
    }
    return undefined;
  }

  #share(now: number, minutes: number): { share: number; total: number; failed: number } {
    const oldest = Math.floor(now / MINUTE_MS) - minutes;
    const seen = this.#minutes.filter(({ minute }) => minute > oldest);
    const total = seen.reduce((sum, one) => sum + one.total, 0);
    const failed = seen.reduce((sum, one) => sum + one.failed, 0);
    return { share: total === 0 ? 0 : failed / total, total, failed };
  }
}
