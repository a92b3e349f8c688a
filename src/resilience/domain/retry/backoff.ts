/** Shape of the growing wait between attempts. */
export interface BackoffOptions {
  /** Most the first wait may be, ms. */
  readonly baseMs: number;
  /** Factor by which that grows with each retry, 1..10. */
  readonly multiplier: number;
  /** Most any wait may grow to, ms. */
  readonly capMs: number;
  /** Uniform random numbers, 0 <= x < 1. */
  readonly random: () => number;
}

/** Share of a server's delay that may be added to it, so that those who were told the same do not return together. */
const SERVER_SPREAD = 0.1;
/** Most that is added to a server's delay, ms. */
const SERVER_SPREAD_CAP_MS = 1_000;

/**
 * Waits between attempts: exponential with full jitter (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture
 * Blog, 2015), which clears a herd sooner than any wait with a fixed part. A delay the server asks for wins: never
 * shorter, and a little longer.
 */
export class Backoff {
  constructor(private readonly options: BackoffOptions) {}

  /** Wait before retry number `retry` (1, 2, …), ms; `serverMs` is the delay the server asked for. */
  waitMs(retry: number, serverMs?: number): number {
    const { random } = this.options;
    if (serverMs === undefined) return random() * this.ceilingMs(retry);
    return serverMs + random() * Math.min(serverMs * SERVER_SPREAD, SERVER_SPREAD_CAP_MS);
  }

  /** Most the wait before a retry can be without a word of the server, ms. */
  ceilingMs(retry: number): number {
    const { baseMs, multiplier, capMs } = this.options;
    // Very large powers are Infinity, which the cap takes in.
    return Math.min(capMs, baseMs * multiplier ** (Math.max(1, retry) - 1));
  }
}
