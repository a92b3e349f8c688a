/** The time that one call has, whatever becomes of it. */
export class CallDeadline {
  readonly #timer: NodeJS.Timeout;
  #began = performance.now();
  #stopped = false;

  /** @param onPassed told once when `ms` have passed */
  constructor(
    private readonly ms: number,
    onPassed: () => void,
  ) {
    this.#timer = setTimeout(onPassed, ms);
  }

  /** Milliseconds left; below 0 once it has passed. */
  get leftMs(): number {
    return this.#began + this.ms - performance.now();
  }

  /** Milliseconds since it has passed; 0 before, and once the call has ended. */
  get lateMs(): number {
    return this.#stopped ? 0 : Math.max(0, -this.leftMs);
  }

  /** Begins anew. */
  extend(): void {
    this.#began = performance.now();
    this.#timer.refresh();
  }

  /** The call has ended. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}
