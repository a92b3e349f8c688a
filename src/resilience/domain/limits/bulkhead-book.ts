import { type Clock } from '../../../kernel/clock.js';
import { Bulkhead, type BulkheadOptions } from './bulkhead.js';

/** Bulkheads with a name of their own at most; names may come from callers. */
const MOST = 200;

/**
 * Bulkheads by name. Bounded: a new one takes the place of the oldest that is idle; while none is, names that are new
 * share one.
 */
export class BulkheadBook {
  readonly #bulkheads = new Map<string, Bulkhead>();
  #shared: Bulkhead | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly most: number = MOST,
  ) {}

  /** The bulkhead of a name, made with `options` when it is new. */
  get(name: string, options: BulkheadOptions): Bulkhead {
    const known = this.#bulkheads.get(name);
    if (known !== undefined) return known;
    if (this.#bulkheads.size >= this.most && !this.#makeRoom()) {
      this.#shared ??= new Bulkhead(this.clock, options);
      return this.#shared;
    }
    const made = new Bulkhead(this.clock, options);
    this.#bulkheads.set(name, made);
    return made;
  }

  /** All bulkheads by name; the shared one is called `other`. */
  list(): readonly (readonly [string, Bulkhead])[] {
    return [...this.#bulkheads, ...(this.#shared === undefined ? [] : [['other', this.#shared] as const])];
  }

  /** Turns away those who have waited too long, everywhere; true while somebody still waits. */
  expire(): boolean {
    for (const [, bulkhead] of this.list()) if (bulkhead.waiting > 0) bulkhead.expire();
    return this.list().some(([, { waiting }]) => waiting > 0);
  }

  #makeRoom(): boolean {
    const idle = [...this.#bulkheads].find(([, { inFlight, waiting }]) => inFlight + waiting === 0);
    return idle !== undefined && this.#bulkheads.delete(idle[0]);
  }
}
