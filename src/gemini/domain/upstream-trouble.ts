import { type Clock } from '../../kernel/clock.js';

/** What the end of an attempt says of the way to the upstream; `unconnected`: not even the head of an answer came. */
export type Contact = 'answered' | 'failed' | 'unconnected';

/** How an attempt ended, as far as the upstream's health goes. */
export interface AttemptEnd {
  readonly contact: Contact;
  /** What it ended with, in a word or two. */
  readonly last: string;
  /** Number of the pool generation it went out on. */
  readonly generation: number;
}

/** The pool that attempts go out on now. */
export interface PoolStanding {
  readonly generation: number;
  /** Whether a call has been answered on it. */
  readonly worked: boolean;
}

/** What a question over a fresh connection has found. */
export type Look =
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'key_refused'; readonly status: number }
  | { readonly kind: 'unreachable'; readonly why: string };

/** What is wrong between the node and the upstream. */
export interface Diagnosis {
  readonly cause: 'upstream_outage' | 'connection_fault' | 'configuration';
  /** Failed attempts in a row, and what the latest ended with. */
  readonly failures: number;
  readonly last: string;
  readonly look: Look | undefined;
}

/** Failed attempts in a row after which the upstream counts as failing. */
const FAILURES = 3;
/** A look says what failures were about only where it is as near to the latest of them, ms: later, all may be different. */
const NEAR_MS = 10_000;
/** Failures that nobody has tried to repeat for so long say nothing any more, where a fresh connection is answered; ms. */
const QUIET_MS = 300_000;

/**
 * Tells from attempts that fail in a row, and from a question over a fresh connection, what is at fault: Gemini, the
 * connections of the pool, or the node's key. The pool is at fault only where it has worked, where not even a head comes
 * over it any more, and where a fresh connection is answered. So a new pool is tried once: one that never works is no cure.
 */
export class UpstreamTrouble {
  #failures = 0;
  /** How many of the last failures in a row got no head of an answer. */
  #unconnected = 0;
  #last = '';
  #lastAt = 0;
  /** The pool of the last failure without a head. */
  #pool: PoolStanding = { generation: 0, worked: false };
  #look: Look | undefined;
  #lookedAt = 0;
  /** A fresh connection was answered at the time of the failures. */
  #answered = false;

  #quiet = false;

  constructor(private readonly clock: Clock) {}

  /** True from `forget` until the next attempt has ended. */
  get quiet(): boolean {
    return this.#quiet;
  }

  /** Whether enough has failed for a closer look. */
  get failing(): boolean {
    return this.#failures >= FAILURES;
  }

  /** Takes how an attempt ended, on what pool new attempts go out now. */
  ended({ contact, last, generation }: AttemptEnd, pool: PoolStanding): void {
    this.#quiet = false;
    if (contact === 'answered') {
      this.#clear();
      return;
    }
    this.#follow(pool);
    if (contact === 'unconnected') {
      // What still dies on connections that were replaced is no news.
      if (generation !== pool.generation) return;
      this.#unconnected++;
      // As it was then: the pool goes on.
      this.#pool = { generation: pool.generation, worked: pool.worked };
    } else this.#unconnected = 0;
    this.#failures++;
    this.#last = last;
    this.#lastAt = this.clock.now();
    this.#compare();
  }

  /** Takes what a fresh connection has found. */
  looked(look: Look): void {
    this.#look = look;
    this.#lookedAt = this.clock.now();
    this.#compare();
  }

  /** What is wrong; undefined while nothing is. */
  diagnosis(pool: PoolStanding): Diagnosis | undefined {
    this.#follow(pool);
    if (!this.failing || this.#stale) return undefined;
    return { cause: this.#cause, failures: this.#failures, last: this.#last, look: this.#look };
  }

  /** New connections are in place: those that failed are no longer held against them. */
  forget(): void {
    if (this.#unconnected > 0) this.#clear();
    this.#quiet = true;
  }

  get #cause(): Diagnosis['cause'] {
    if (this.#look?.kind === 'key_refused') return 'configuration';
    const poisoned = this.#answered && this.#unconnected >= FAILURES && this.#pool.worked;
    return poisoned ? 'connection_fault' : 'upstream_outage';
  }

  get #stale(): boolean {
    const { kind } = this.#look ?? {};
    return kind === 'answered' && this.#lookedAt > this.#lastAt && this.clock.now() - this.#lastAt >= QUIET_MS;
  }

  #compare(): void {
    const well = this.#look?.kind === 'answered' && this.#look.status < 500;
    if (!well) this.#answered = false;
    else if (Math.abs(this.#lookedAt - this.#lastAt) <= NEAR_MS) this.#answered = true;
  }

  /** Where the connections were at fault and have been replaced, their failures have had their cure. */
  #follow({ generation }: PoolStanding): void {
    if (generation === this.#pool.generation || this.#pool.generation === 0) return;
    if (this.failing && this.#cause === 'connection_fault') this.#clear();
  }

  #clear(): void {
    this.#failures = 0;
    this.#unconnected = 0;
    this.#look = undefined;
    this.#answered = false;
    this.#pool = { generation: 0, worked: false };
  }
}
