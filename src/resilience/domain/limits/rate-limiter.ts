import { type Clock } from '../../../kernel/clock.js';

/** What a request is told about its client's rate. */
export interface RateVerdict {
  readonly allowed: boolean;
  /** Requests the client may still send now. */
  readonly remaining: number;
  /** Time until it may send one more than now, ms; 0 when all are there. */
  readonly resetMs: number;
  /** Time until all of them are there again if it sends none, ms. */
  readonly restoredMs: number;
  /** Time until the next one is allowed, ms; 0 when it is now. */
  readonly retryAfterMs: number;
}

/** Size of the limit and of its memory. */
export interface RateLimiterOptions {
  /** Requests per client and window, at least 1. */
  readonly requests: number;
  readonly windowMs: number;
  /** Clients remembered at most; of more, those seen longest ago are forgotten and begin anew, never the latest half. */
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
 *
 * Clients are kept in two generations. The older one is dropped whole when the younger one has half of all places, or
 * when nothing in it has any weight left: a busy client moves nothing, and nobody has to look for the oldest.
 */
export class RateLimiter {
  #young = new Map<string, Use>();
  #old = new Map<string, Use>();
  /** Number of the window in which the generations last changed. */
  #turned = 0;
  readonly #half: number;

  constructor(
    private readonly clock: Clock,
    private readonly options: RateLimiterOptions,
  ) {
    this.#half = Math.max(1, Math.floor(options.clients / 2));
  }

  /** Clients remembered now. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** Takes one request of a client into account, if it is allowed. */
  take(client: string): RateVerdict {
    const now = this.#now();
    const use = this.#remembered(client, now.index);
    const allowed = this.#weighed(use, now.elapsed) + 1 <= this.options.requests;
    if (allowed) use.current++;
    return this.#verdict(use, now.elapsed, allowed);
  }

  /** What `take` would say of a request, which is not counted and makes nobody remembered. */
  look(client: string): RateVerdict {
    const { index, elapsed } = this.#now();
    const known = this.#young.get(client) ?? this.#old.get(client);
    const use = known === undefined ? { index, current: 0, previous: 0 } : at(known, index);
    return this.#verdict(use, elapsed, this.#weighed(use, elapsed) + 1 <= this.options.requests);
  }

  /** Forgets all clients, as a heal does; how many they were. */
  clear(): number {
    const { size } = this;
    this.#young = new Map();
    this.#old = new Map();
    return size;
  }

  #now(): { index: number; elapsed: number } {
    const { windowMs } = this.options;
    const now = this.clock.now();
    const index = Math.floor(now / windowMs);
    return { index, elapsed: now - index * windowMs };
  }

  #verdict(use: Use, elapsed: number, allowed: boolean): RateVerdict {
    const weighed = this.#weighed(use, elapsed);
    const remaining = Math.max(0, Math.floor(this.options.requests - weighed));
    return {
      allowed,
      remaining,
      resetMs: weighed <= 0 ? 0 : this.#untilFits(use, elapsed, remaining + 1),
      restoredMs: weighed <= 0 ? 0 : Math.ceil(this.options.windowMs * (use.current > 0 ? 2 : 1) - elapsed),
      retryAfterMs: remaining > 0 ? 0 : this.#untilFits(use, elapsed, 1),
    };
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

  #remembered(client: string, index: number): Use {
    // What was last seen two windows before weighs nothing.
    if (index >= this.#turned + 2) this.#turn(index);
    const young = this.#young.get(client);
    if (young !== undefined) return at(young, index);
    const use = this.#old.get(client) ?? { index, current: 0, previous: 0 };
    this.#old.delete(client);
    if (this.#young.size >= this.#half) this.#turn(index);
    this.#young.set(client, use);
    return at(use, index);
  }

  #turn(index: number): void {
    this.#turned = index;
    this.#old = this.#young;
    this.#young = new Map();
  }
}

/** A client's use, brought to the window of this number. */
function at(use: Use, index: number): Use {
  if (use.index === index) return use;
  use.previous = use.index === index - 1 ? use.current : 0;
  use.current = 0;
  use.index = index;
  return use;
}
