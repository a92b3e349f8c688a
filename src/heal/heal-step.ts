import { type Contribution, extensionPoint } from '../platform/extension-point.js';

/** Levels of the ladder, mildest first; each includes the ones before. */
export const HEAL_LEVELS = ['light', 'medium', 'heavy'] as const;

export type HealLevel = (typeof HEAL_LEVELS)[number];

/** What a step shows of its part before and after it ran: few plain values, no secrets. */
export type StepState = Readonly<Record<string, string | number | boolean | null>>;

/** One idempotent repair, contributed by the module that owns what it repairs. */
export interface HealStep extends Contribution {
  /** The action's name in the answer of `POST /self/heal`. */
  readonly name: string;
  readonly level: HealLevel;
  /** The parameter of `POST /self/heal` that switches the step on or off. */
  readonly option: string;
  /** Whether the step runs when the caller says nothing. */
  wanted(): boolean;
  state(): StepState;
  /** Repairs; what it throws makes the step, not the run, fail. */
  run(signal: AbortSignal): Promise<void>;
}

/** Extension point: mark a `HealStep` with `@healSteps.contribute()` and list it in its module's providers. */
export const healSteps = extensionPoint<HealStep>('heal step');
