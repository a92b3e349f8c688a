/** Levels of the ladder, mildest first; each includes the ones before. */
export const HEAL_LEVELS = ['light', 'medium', 'heavy'] as const;

/** A rung of the ladder. */
export type HealLevel = (typeof HEAL_LEVELS)[number];

/** Place of a level on the ladder, 0 for the mildest. */
export function rankOf(level: HealLevel): number {
  return HEAL_LEVELS.indexOf(level);
}

/** Whether a heal of `level` includes what belongs to `other`. */
export function includes(level: HealLevel, other: HealLevel): boolean {
  return rankOf(other) <= rankOf(level);
}

/** The mildest of the `available` levels above `last`; undefined when there is none. */
export function nextLevel(available: readonly HealLevel[], last: HealLevel | undefined): HealLevel | undefined {
  return HEAL_LEVELS.find((level) => available.includes(level) && (last === undefined || rankOf(level) > rankOf(last)));
}
