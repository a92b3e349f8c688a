import { type Clock } from '../kernel/clock.js';
import { type FaultBook, type RuleState } from './domain/fault-book.js';
import { type FaultPlan } from './domain/fault-plan.js';
import { type FaultPresetName, presetPlan } from './domain/fault-preset.js';
import { type QuotaLimits } from './domain/quota.js';
import { type Refusal } from './refusal.js';

/** One fault as it is shown to an operator. */
export interface FaultStatus {
  readonly id: string;
  readonly kind: string;
  readonly state: RuleState['state'];
  /** Milliseconds until its window opens; 0 once it has. */
  readonly starts_in_ms: number;
  /** Milliseconds until its window closes; null when it has no end. */
  readonly ends_in_ms: number | null;
  /** Requests that matched while it was active. */
  readonly matched: number;
  /** Requests it hit. */
  readonly applied: number;
  readonly rule: RuleState['rule'];
}

/** The plan in force as it is shown to an operator. */
export interface FaultReport {
  /** Whether any fault can still hit. */
  readonly active: boolean;
  readonly preset: string | null;
  /** When the plan was set, ISO; null when there is none. */
  readonly set_at: string | null;
  readonly seed: number;
  readonly quota: QuotaLimits | null;
  readonly faults: readonly FaultStatus[];
}

/** Sets, shows and clears what goes wrong at a running simulator. */
export class FaultController {
  readonly #book: FaultBook;
  readonly #refusal: Refusal;
  readonly #clock: Clock;
  #setAt: number | undefined;

  constructor(book: FaultBook, refusal: Refusal, clock: Clock) {
    this.#book = book;
    this.#refusal = refusal;
    this.#clock = clock;
  }

  /** Puts a plan in the place of the one before; its time windows begin now. */
  set(plan: FaultPlan): void {
    this.#book.set(plan);
    this.#setAt = this.#clock.wall();
    this.#refusal.follow(plan);
  }

  /** Puts a ready-made trouble in force for so many milliseconds. */
  preset(name: FaultPresetName, durationMs: number): void {
    this.set(presetPlan(name, durationMs));
  }

  /** Ends all faults. Requests already struck stay struck. */
  clear(): void {
    this.#book.clear();
    this.#setAt = undefined;
    this.#refusal.stop();
  }

  /** The plan, the time each fault has left and how often it hit. */
  describe(): FaultReport {
    const { preset, seed, quota } = this.#book.plan;
    const faults = this.#book.states().map((state) => ({
      id: state.rule.id,
      kind: state.rule.fault.kind,
      state: state.state,
      starts_in_ms: Math.round(state.startsInMs),
      ends_in_ms: state.endsInMs === undefined ? null : Math.round(state.endsInMs),
      matched: state.matched,
      applied: state.applied,
      rule: state.rule,
    }));
    return {
      active: faults.some((fault) => fault.state === 'active' || fault.state === 'waiting'),
      preset: preset ?? null,
      set_at: this.#setAt === undefined ? null : new Date(this.#setAt).toISOString(),
      seed,
      quota: quota ?? null,
      faults,
    };
  }
}
