import { type Cause } from '../../kernel/cause.js';
import { HEAL_LEVELS, type HealLevel, includes, rankOf } from '../../kernel/heal-level.js';

/** Who a step may run for: any heal, those the node decides on alone, or those asked for by hand alone. */
export type Audience = 'all' | 'automatic' | 'manual';

/** What a plan must know of a step. */
export interface StepFacts {
  readonly name: string;
  readonly level: HealLevel;
  readonly audience: Audience;
  /** Causes that the step alone can cure: they make its level worth a heal. */
  readonly cures: readonly Cause[];
  /** Causes in whose heals it takes part although it cannot cure them alone. */
  readonly helps?: readonly Cause[];
  /** The parameter of `POST /self/heal` that switches it on or off. */
  readonly option?: string;
}

/** A heal of the node's own: of a cause, up to a level. */
export interface AutomaticHeal {
  readonly by: 'watchdog' | 'request_errors';
  readonly cause: Cause;
  readonly level: HealLevel;
}

/** A heal asked for by hand: all steps that are wanted, up to a level. */
export interface ManualHeal {
  readonly by: 'admin';
  readonly level: HealLevel;
  readonly options: Readonly<Record<string, boolean>>;
}

/** A step, whether a heal would run it, and why. */
export interface Planned<S> {
  readonly step: S;
  readonly runs: boolean;
  readonly reason: string;
}

/** Decides which steps a heal runs, mildest level first; `wanted` is what a step says when the caller does not. */
export function planOf<S extends StepFacts>(
  steps: readonly S[],
  heal: AutomaticHeal | ManualHeal,
  wanted: (step: S) => boolean,
): Planned<S>[] {
  return [...steps]
    .sort((a, b) => rankOf(a.level) - rankOf(b.level))
    .map((step) => ({ step, ...(heal.by === 'admin' ? byHand(step, heal, wanted) : byItself(step, heal)) }));
}

/** The levels at which a step can cure the cause by itself, mildest first. */
export function levelsFor(steps: readonly StepFacts[], cause: Cause): HealLevel[] {
  const able = steps.filter(({ audience, cures }) => audience !== 'manual' && cures.includes(cause));
  return HEAL_LEVELS.filter((level) => able.some((step) => step.level === level));
}

type Choice = Omit<Planned<never>, 'step'>;

function byHand<S extends StepFacts>(step: S, { level, options }: ManualHeal, wanted: (step: S) => boolean): Choice {
  const { option } = step;
  if (step.audience === 'automatic') return no('only the watchdog takes it');
  if (!includes(level, step.level)) return no(`belongs to a ${step.level} heal`);
  const asked = option === undefined ? undefined : options[option];
  if (asked !== undefined) return asked ? yes(`${option}=true`) : no(`${option}=false`);
  return wanted(step)
    ? yes('part of every heal that is asked for, while there is something for it')
    : no('nothing for it to do');
}

function byItself(step: StepFacts, { level, cause }: AutomaticHeal): Choice {
  if (step.audience === 'manual') return no('only done when asked for');
  if (!includes(level, step.level)) return no(`belongs to a ${step.level} heal`);
  if (step.cures.includes(cause)) return yes(`can cure ${cause}`);
  return step.helps?.includes(cause) === true ? yes(`helps against ${cause}`) : no(`cannot cure ${cause}`);
}

function yes(reason: string): Choice {
  return { runs: true, reason };
}

function no(reason: string): Choice {
  return { runs: false, reason };
}
