import { type Clock } from '../../../kernel/clock.js';

/** What a request is told about its client's rate. */
export interface RateVerdict {
  readonly allowed: boolean;
  /** Requests the client may still send now. */
  readonly remaining: number;
  /** Time until it may send one more than now, ms; 0 when all are there. */
  readonly resetMs: number;
  /** Time until the next one is allowed, ms; 0 when it is now. */
  readonly retryAfterMs: number;
}

/** Size of the limit and of its memory. */
export interface RateLimiterOptions {
  /** Requests per client and window, at least 1. */
  readonly requests: number;
  readonly windowMs: number;
  /** Clients remembered at most; of more, the one seen longest ago is forgotten and begins anew. */
  readonly clients: number;
}

interface Use {
  /** Number of the window that `current` counts. */
  index: number;
  current: number;
  previous: number;
}

/**
 * A limit of requests per client over a sliding window, by the weighted counts of two fixed ones (Cloudflare, "How we
 * built rate limiting capable of scaling to millions of domains", 2017): two numbers per client, no timer, and never
 * twice the limit around a boundary. Refused requests do not count, so the wait that is told is true.
 */
export class RateLimiter {
  readonly #uses = new Map<string, Use>();

  constructor(
    private readonly clock: Clock,
    private readonly options: RateLimiterOptions,
  ) {}

  /** Clients remembered now. */
  get size(): number {
    return this.#uses.size;
  }

  /** Takes one request of a client into account, if it is allowed. */
  take(client: string): RateVerdict {
    const { requests, windowMs } = this.options;
    const now = this.clock.now();
    const index = Math.floor(now / windowMs);
    const elapsed = now - index * windowMs;
    const use = this.#useOf(client, index);
    const allowed = this.#weighed(use, elapsed) + 1 <= requests;
    if (allowed) use.current++;
    const weighed = this.#weighed(use, elapsed);
    const remaining = Math.max(0, Math.floor(requests - weighed));
    return {
      allowed,
      remaining,
      resetMs: weighed <= 0 ? 0 : this.#untilFits(use, elapsed, remaining + 1),
      retryAfterMs: remaining > 0 ? 0 : this.#untilFits(use, elapsed, 1),
    };
  }

  /** Forgets all clients, as a heal does; how many they were. */
  clear(): number {
    const { size } = this.#uses;
    this.#uses.clear();
    return size;
  }

  #weighed({ current, previous }: Use, elapsed: number): number {
    return current + previous * (1 - elapsed / this.options.windowMs);
  }

  /** Time until `more` further requests fit into the limit, ms. */
  #untilFits({ current, previous }: Use, elapsed: number, more: number): number {
    const { requests, windowMs } = this.options;
    const room = requests - Math.min(more, requests);
    // In this window the previous one fades; in the next one this one does.
    if (current <= room && previous > 0)
      return Math.max(0, Math.ceil((1 - (room - current) / previous) * windowMs - elapsed));
    if (current <= room) return 0;
    return Math.ceil(windowMs - elapsed + (1 - room / current) * windowMs);
  }

  #useOf(client: string, index: number): Use {
    const use = this.#uses.get(client) ?? { index, current: 0, previous: 0 };
    if (use.index !== index) {
      use.previous = use.index === index - 1 ? use.current : 0;
      use.current = 0;
      use.index = index;
    }
    this.#uses.delete(client);
    this.#uses.set(client, use);
    if (this.#uses.size > this.options.clients) this.#uses.delete(this.#uses.keys().next().value as string);
    return use;
  }
}
