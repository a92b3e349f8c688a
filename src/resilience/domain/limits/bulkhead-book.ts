import { type Clock } from '../../../kernel/clock.js';
import { Bulkhead, type BulkheadOptions } from './bulkhead.js';

/** Bulkheads with a name of their own at most; names may come from callers. */
const MOST = 200;

interface Entry {
  readonly bulkhead: Bulkhead;
  /** Turn in which it was last asked for. */
  used: number;
}

/**
 * Bulkheads by name. Bounded: a new one takes the place of the idle one that was used longest ago; while none is idle,
 * names that are new share one.
 */
export class BulkheadBook {
  readonly #bulkheads = new Map<string, Entry>();
  #turn = 0;
  #shared: Bulkhead | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly most: number = MOST,
  ) {}

  /** The bulkhead of a name, made with `options` when it is new. */
  get(name: string, options: BulkheadOptions): Bulkhead {
    const known = this.#bulkheads.get(name);
    if (known !== undefined) {
      known.used = ++this.#turn;
      return known.bulkhead;
    }
    if (this.#bulkheads.size >= this.most && !this.#makeRoom()) {
      this.#shared ??= new Bulkhead(this.clock, options);
      return this.#shared;
    }
    const made = new Bulkhead(this.clock, options);
    this.#bulkheads.set(name, { bulkhead: made, used: ++this.#turn });
    return made;
  }

  /** All bulkheads by name; the shared one is called `other`. */
  list(): readonly (readonly [string, Bulkhead])[] {
    const named = Array.from(this.#bulkheads, ([name, { bulkhead }]) => [name, bulkhead] as const);
    return this.#shared === undefined ? named : [...named, ['other', this.#shared]];
  }

  /** Turns away those who have waited too long, everywhere; true while somebody still waits. */
  expire(): boolean {
    for (const [, bulkhead] of this.list()) if (bulkhead.waiting > 0) bulkhead.expire();
    return this.list().some(([, { waiting }]) => waiting > 0);
  }

  #makeRoom(): boolean {
    let idle: string | undefined;
    let least = Infinity;
    for (const [name, { bulkhead, used }] of this.#bulkheads) {
      if (used > least || bulkhead.inFlight + bulkhead.waiting > 0) continue;
      idle = name;
      least = used;
    }
    return idle !== undefined && this.#bulkheads.delete(idle);
  }
}
