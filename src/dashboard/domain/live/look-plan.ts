/** Decides when the page looks at the node; all times are ms on a clock that only moves forward. */
export class LookPlan {
  #looking = false;
  #again = false;
  #next = 0;
  #began = Number.NEGATIVE_INFINITY;

  /**
   * @param everyMs time from the end of a look to the next one
   * @param gapMs least time between the beginnings of two looks, however much happens
   */
  constructor(
    private readonly everyMs: number,
    private readonly gapMs: number,
  ) {}

  /** Whether a look is on its way. */
  get looking(): boolean {
    return this.#looking;
  }

  /** When the next look is due. */
  get next(): number {
    return this.#next;
  }

  /** Wants a look as soon as may be: one that is on its way may have been told too early, so another follows it. */
  want(now: number): void {
    if (this.#looking) this.#again = true;
    else this.#next = Math.max(now, this.#began + this.gapMs);
  }

  /** Whether a look is to begin now; if so it has begun. */
  begin(now: number): boolean {
    if (this.#looking || now < this.#next) return false;
    this.#looking = true;
    this.#again = false;
    this.#began = now;
    return true;
  }

  /** A look has ended; the next is due after `pauseMs`, unless one is wanted by then. */
  end(now: number, pauseMs = this.everyMs): void {
    this.#looking = false;
    this.#next = this.#again ? Math.max(now, this.#began + this.gapMs) : now + pauseMs;
  }
}
