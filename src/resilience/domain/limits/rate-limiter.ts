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

/** Requests of a client that still count. */
interface Use {
  sent: number;
  /** By step: the time at which its requests are forgotten, and how many they are, in turn; the oldest first. */
  marks: number[];
}

/** Steps in which a window slides: a request is forgotten at most so small a part of the window early, and never late. */
const STEPS = 50;

/**
 * A limit of requests per client over a sliding window, by counts in steps of a fiftieth of it: no more than one number
 * per step, no timer, and a boundary around which twice the limit passes is nowhere. A client that waits for a whole window
 * has all its requests again. Refused requests do not count, so the wait that is told is true.
 *
 * Clients are kept in two generations. The older one is dropped whole when the younger one has half of all places, or
 * when nothing in it counts any more: a busy client moves nothing, and nobody has to look for the oldest.
 */
export class RateLimiter {
  #young = new Map<string, Use>();
  #old = new Map<string, Use>();
  /** Number of the window in which the generations last changed. */
  #turned = 0;
  readonly #half: number;
  readonly #stepMs: number;

  constructor(
    private readonly clock: Clock,
    private readonly options: RateLimiterOptions,
  ) {
    this.#half = Math.max(1, Math.floor(options.clients / 2));
    this.#stepMs = options.windowMs / STEPS;
  }

  /** Clients remembered now. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** Takes one request of a client into account, if it is allowed. */
  take(client: string): RateVerdict {
    const now = this.clock.now();
    const use = this.#remembered(client, now);
    forget(use, now);
    const allowed = use.sent < this.options.requests;
    if (allowed) count(use, (Math.floor(now / this.#stepMs) + STEPS) * this.#stepMs);
    return this.#verdict(use, now, allowed);
  }

  /** What `take` would say of a request, which is not counted and makes nobody remembered. */
  look(client: string): RateVerdict {
    const now = this.clock.now();
    const use = this.#young.get(client) ?? this.#old.get(client) ?? { sent: 0, marks: [] };
    forget(use, now);
    return this.#verdict(use, now, use.sent < this.options.requests);
  }

  /** Forgets all clients, as a heal does; how many they were. */
  clear(): number {
    const { size } = this;
    this.#young = new Map();
    this.#old = new Map();
    return size;
  }

  #verdict({ sent, marks }: Use, now: number, allowed: boolean): RateVerdict {
    const remaining = this.options.requests - sent;
    const [oldest = now] = marks;
    const resetMs = Math.ceil(oldest - now);
    const restoredMs = Math.ceil((marks.at(-2) ?? now) - now);
    return { allowed, remaining, resetMs, restoredMs, retryAfterMs: remaining > 0 ? 0 : resetMs };
  }

  #remembered(client: string, now: number): Use {
    const index = Math.floor(now / this.options.windowMs);
    // Of what was last seen two windows before nothing counts.
    if (index >= this.#turned + 2) this.#turn(index);
    const young = this.#young.get(client);
    if (young !== undefined) return young;
    const use = this.#old.get(client) ?? { sent: 0, marks: [] };
    this.#old.delete(client);
    if (this.#young.size >= this.#half) this.#turn(index);
    this.#young.set(client, use);
    return use;
  }

  #turn(index: number): void {
    this.#turned = index;
    this.#old = this.#young;
    this.#young = new Map();
  }
}

/** Forgets the requests whose time has come. */
function forget(use: Use, now: number): void {
  const { marks } = use;
  let over = 0;
  for (; over < marks.length && (marks[over] as number) <= now; over += 2) use.sent -= marks[over + 1] as number;
  if (over > 0) marks.splice(0, over);
}

/** Counts a request that is forgotten at `until`. */
function count(use: Use, until: number): void {
  use.sent++;
  const { marks } = use;
  if (marks.at(-2) === until) (marks[marks.length - 1] as number)++;
  // Made to size: most clients never need more.
  else if (marks.length === 0) use.marks = [until, 1];
  else marks.push(until, 1);
}
