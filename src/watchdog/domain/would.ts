import { type Cause } from '../../kernel/cause.js';
import { type HealLevel } from '../../kernel/heal-level.js';
import { type Condition } from './node-state.js';
import { type Sighting } from './escalation.js';

/** Causes whose cure is not in the node's hands, and what it does about them all the same. */
const LEFT_ALONE: Readonly<Partial<Record<Cause, string>>> = {
  upstream_outage:
    'no reset cures a target that is down; circuits let one call at a time try it, and fallbacks answer where there are any',
  quota_exhausted: 'a quota comes back by itself; other keys and models answer until then',
  configuration: 'only a person can put it right',
};

/** What the node must know to say what it would do. */
export interface Means {
  /** Levels at which a step can cure the cause, mildest first. */
  levelsFor(cause: Cause): readonly HealLevel[];
  /** Why the process may not leave; undefined while it may. */
  readonly noRestart: string | undefined;
}

/** The causes behind the conditions, each with the levels that are open to the node; worst first. */
export function sightingsOf(conditions: readonly Condition[], means: Means): Sighting[] {
  const faults = conditions.filter(({ healable }) => healable);
  const causes = [...new Set(faults.map(({ cause }) => cause))];
  return causes.map((cause) => {
    const behind = faults.filter((condition) => condition.cause === cause);
    const restart = behind.some(({ restartCures }) => restartCures) && means.noRestart === undefined;
    const levels = means.levelsFor(cause).filter((level) => level !== 'heavy' || restart);
    return { cause, urgent: behind.some(({ urgent }) => urgent), levels };
  });
}

/** Why no heal is run for a condition that is only told, as the end of a sentence. */
export function whyAlone(cause: Cause): string {
  return LEFT_ALONE[cause] ?? 'it is said for a person to know';
}

/** Why the node does nothing about a cause, as the end of a sentence. */
export function whyNothing(cause: Cause, means: Means): string {
  const left = LEFT_ALONE[cause];
  if (left !== undefined) return left;
  if (means.levelsFor(cause).includes('heavy') && means.noRestart !== undefined) return means.noRestart;
  return 'nothing that is left to try can cure it';
}
