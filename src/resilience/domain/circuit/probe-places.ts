/**
 * The places for calls on trial. A probe that says nothing within its limit gives its place
 * to another (a lost probe must not keep the circuit half open for ever, as it did in
 * resilience4j); this is looked up when a place is wanted, so that no timer is needed.
 */
export class ProbePlaces {
  /** Deadline by ticket, monotonic ms; all have the same limit, so the first is the earliest. */
  readonly #deadlines = new Map<number, number>();
  #lost = 0;

  constructor(
    private readonly places: number,
    private readonly limitMs: number,
  ) {}

  /** Probes that outlived their limit since the start. */
  get lost(): number {
    return this.#lost;
  }

  /** Probes that hold a place at `now`. */
  held(now: number): number {
    let held = 0;
    for (const deadline of this.#deadlines.values()) if (deadline > now) held++;
    return held;
  }

  /** Time until a place is surely free, ms; 0 when one is. */
  waitMs(now: number): number {
    if (this.held(now) < this.places) return 0;
    const [earliest = now] = this.#deadlines.values();
    return Math.max(0, earliest - now);
  }

  /** Takes a place that `waitMs` said is free. */
  take(ticket: number, now: number): void {
    for (const [holder, deadline] of this.#deadlines) {
      if (deadline > now) break;
      this.#deadlines.delete(holder);
      this.#lost++;
    }
    this.#deadlines.set(ticket, now + this.limitMs);
  }

  /** Gives a place back; nothing happens when it was lost before. */
  free(ticket: number): void {
    this.#deadlines.delete(ticket);
  }

  clear(): void {
    this.#deadlines.clear();
  }
}
