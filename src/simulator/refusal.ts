import { type FaultPlan } from './domain/fault-plan.js';

/** Opens and closes the listening socket by the `refuse` faults of a plan; the only faults that need timers. */
export class Refusal {
  readonly #onChange: (refusing: boolean) => void;
  #timers: NodeJS.Timeout[] = [];
  #windows = 0;

  constructor(onChange: (refusing: boolean) => void) {
    this.#onChange = onChange;
  }

  /** Follows a new plan from now on. */
  follow(plan: FaultPlan): void {
    this.stop();
    for (const { fault, fromMs, forMs } of plan.faults) {
      if (fault.kind !== 'refuse') continue;
      if (fromMs === 0) this.#enter();
      else
        this.#after(fromMs, () => {
          this.#enter();
        });
      if (forMs !== undefined)
        this.#after(fromMs + forMs, () => {
          this.#leave();
        });
    }
  }

  /** Ends all windows; connections are taken again. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    if (this.#windows > 0) this.#onChange(false);
    this.#windows = 0;
  }

  #after(ms: number, action: () => void): void {
    this.#timers.push(setTimeout(action, ms));
  }

  #enter(): void {
    if (++this.#windows === 1) this.#onChange(true);
  }

  #leave(): void {
    if (--this.#windows === 0) this.#onChange(false);
  }
}
