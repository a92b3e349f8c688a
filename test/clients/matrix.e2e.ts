import { beforeAll, describe, expect, it } from 'vitest';
import { type AnswerFault, STREAM_FAULTS, UNARY_FAULTS } from './answer-faults.js';
import { PACKAGES } from './drivers/all-drivers.js';
import { demandOf, meets, PLAYED } from './matrix/expected.js';
import { measure, type Outcome, type Play } from './matrix/measure.js';

/** Attempts the node may make at one call: its own, and with those that go on with a stream that has begun. */
const MOST_ATTEMPTS = { unary: 3, stream: 8 } as const;

const FAULTS = { stream: STREAM_FAULTS, unary: UNARY_FAULTS } as const;

const plays: readonly Play[] = (['stream', 'unary'] as const).flatMap((how) =>
  PLAYED.map((circumstance) => ({ how, circumstance })),
);

describe.each(plays)('$how, a fault $circumstance.about', (play) => {
  const faults: Readonly<Record<string, AnswerFault>> = FAULTS[play.how];
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
      for (const { faults: struck, surface, model } of attempts.slice(0, 1)) {
        expect(model).toBe(play.circumstance.model);
        if (surface === 'native' || fault.surface === undefined) expect(struck).toEqual([fault.fault.kind]);
      }
    }
  });

  it('strikes every call', () => {
    expect(outcomes.filter(({ attempts }) => attempts.length === 0)).toEqual([]);
    expect(outcomes).toHaveLength(Object.keys(faults).length * PACKAGES.length);
  });
});
