import { type Contribution, extensionPoint } from '../platform/extension-point.js';
import { type Cause, type Evidence } from '../kernel/cause.js';
import { type StepFacts } from './domain/plan.js';
import { type Complaint } from './heal-run.js';

/** What a step shows of its part before and after it ran: few plain values, no secrets. */
export type StepState = Evidence;

/** In what heal a step runs. */
export interface StepContext {
  /** Fires when the time of the step is up. */
  readonly signal: AbortSignal;
  /** Asked for by hand: done as told, also where the node would not decide on it. */
  readonly manual: boolean;
  /** What is to be cured; null in a heal that was asked for while nothing was wrong. */
  readonly cause: Cause | null;
  /** Why the heal runs, as one sentence. */
  readonly reason: string;
  /** What was not well when it began, worst first. */
  readonly complaints: readonly Complaint[];
}

/** One idempotent repair, contributed by the module that owns what it repairs. */
export interface HealStep extends Contribution, StepFacts {
  /** The action's name in the answer of `POST /self/heal`. */
  readonly name: string;
  /** Time for the step where the usual is wrong for it, ms. */
  readonly timeoutMs?: number;
  /** Whether the step runs when the caller says nothing. */
  wanted(): boolean;
  state(): StepState;
  /** Repairs; what it throws makes the step, not the run, fail. */
  run(context: StepContext): Promise<void>;
  /** Looks whether it has helped, when all steps of the heal have run: undefined, or what is still not well as one sentence. */
  verify(context: StepContext): Promise<string | undefined>;
}

/** Extension point: mark a `HealStep` with `@healSteps.contribute()` and list it in its module's providers. */
export const healSteps = extensionPoint<HealStep>('heal step');
