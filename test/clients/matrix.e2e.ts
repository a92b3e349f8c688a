import { beforeAll, describe, expect, it } from 'vitest';
import { PACKAGES } from './drivers/all-drivers.js';
import { demandOf, meets } from './matrix/expected.js';
import { measure, type Outcome } from './matrix/measure.js';
import { FAULTS_OF, PLAYS } from './matrix/plays.js';

/** Attempts the node may make at one call: its own, and with those that go on with a stream that has begun. */
const MOST_ATTEMPTS = { unary: 3, stream: 8 } as const;

describe.each(PLAYS)('$how, a fault $circumstance.about', (play) => {
  const faults = FAULTS_OF[play.how];
  let outcomes: readonly Outcome[];
  beforeAll(async () => {
    outcomes = await measure(faults, play);
  }, 120_000);

  it.each(Object.entries(faults))('%s: the exact text, or an error where no other way is left', (name, fault) => {
    const mine = outcomes.filter((outcome) => outcome.fault === name);
    expect(mine.map(({ client }) => client)).toEqual(PACKAGES.map((driver) => driver.name));
    const failed = mine.filter((outcome) => !meets(outcome, demandOf(fault, outcome.client, play)));
    expect(failed).toEqual([]);
    for (const { attempts } of mine) {
      expect(attempts.filter(({ outcome }) => outcome === undefined)).toEqual([]);
      expect(attempts.length).toBeLessThanOrEqual(MOST_ATTEMPTS[play.how]);
      // Of attempts side by side either may be noted first.
      const first = attempts.filter(({ model }) => model === play.circumstance.model).slice(0, 1);
      expect(first).toHaveLength(Math.min(1, attempts.length));
      for (const { faults: struck, surface } of first) {
        if (surface === 'native' || fault.surface === undefined) expect(struck).toEqual([fault.fault.kind]);
      }
    }
  });

  it('strikes every call', () => {
    expect(outcomes.filter(({ attempts }) => attempts.length === 0)).toEqual([]);
    expect(outcomes).toHaveLength(Object.keys(faults).length * PACKAGES.length);
  });
});
