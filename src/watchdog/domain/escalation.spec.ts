import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAUSES, type Cause } from '../../kernel/cause.js';
import { type HealLevel, rankOf } from '../../kernel/heal-level.js';
import { type Decision, Escalation, type EscalationOptions, type Sighting } from './escalation.js';

const OPTIONS: EscalationOptions = {
  failureThreshold: 3,
  cooldownMs: 30_000,
  verifyMs: 5000,
  heals: 6,
  periodMs: 600_000,
  unprovenMs: 600_000,
};
const ALL: HealLevel[] = ['light', 'medium', 'heavy'];

function sighting(cause: Cause, levels: readonly HealLevel[] = ALL, urgent = false): Sighting {
  return { cause, levels, urgent };
}

/** Looks every `stepMs`, heals at once when told to, and returns what was decided. */
function rehearse(
  escalation: Escalation,
  looks: readonly (readonly Sighting[])[],
  { stepMs = 30_000, from = 0 } = {},
): Decision[] {
  return looks.map((sightings, index) => {
    const now = from + index * stepMs;
    const { decision } = escalation.look({ now, regular: true, sightings, quiet: [] });
    if (decision.kind === 'heal') escalation.healed(decision.cause, decision.level, now);
    return decision;
  });
}

const short = (decisions: Decision[]): string[] =>
  decisions.map((decision) => (decision.kind === 'heal' ? decision.level : decision.kind));

describe('Escalation', () => {
  it('heals after the third failed look and climbs one level for each heal that did not help', () => {
    const looks = Array.from({ length: 8 }, () => [sighting('local_overload')]);
    const decisions = rehearse(new Escalation(OPTIONS), looks);
    expect(short(decisions)).toEqual(['wait', 'wait', 'light', 'medium', 'heavy', 'decline', 'wait', 'wait']);
  });

  it('does not count looks for an alarm as failed checks', () => {
    const escalation = new Escalation(OPTIONS);
    const burst = Array.from({ length: 9 }, (_, now) =>
      escalation.look({ now, regular: false, sightings: [sighting('local_overload')], quiet: [] }),
    );
    expect(short(burst.map(({ decision }) => decision))).toEqual(Array.from({ length: 9 }, () => 'wait'));
  });

  it('heals at once what is urgent', () => {
    const looks = [[sighting('connection_fault', ['medium'], true)]];
    expect(short(rehearse(new Escalation(OPTIONS), looks))).toEqual(['medium']);
  });

  it('says once that nothing can be done, and does nothing', () => {
    const looks = Array.from({ length: 6 }, () => [sighting('upstream_outage', [])]);
    expect(short(rehearse(new Escalation(OPTIONS), looks))).toEqual([
      'wait',
      'wait',
      'decline',
      'wait',
      'wait',
      'wait',
    ]);
  });

  it('begins at the mildest level again after a cure', () => {
    const escalation = new Escalation(OPTIONS);
    const fault = [sighting('local_overload', ALL, true)];
    expect(short(rehearse(escalation, [fault, fault, [], [], fault]))).toEqual([
      'light',
      'medium',
      'nothing',
      'nothing',
      'light',
    ]);
  });

  it('judges a heal only after its time, and as unproven when nothing could have shown the fault', () => {
    const escalation = new Escalation(OPTIONS);
    const fault = sighting('internal_fault', ALL, true);
    expect(escalation.look({ now: 0, regular: true, sightings: [fault], quiet: [] }).decision.kind).toBe('heal');
    escalation.healed('internal_fault', 'light', 100);
    expect(escalation.look({ now: 200, regular: true, sightings: [fault], quiet: [] })).toEqual({
      judgements: [],
      decision: { kind: 'wait', cause: 'internal_fault', why: 'its heal is not judged yet' },
    });
    expect(escalation.look({ now: 6000, regular: true, sightings: [], quiet: ['internal_fault'] }).judgements).toEqual(
      [],
    );
    expect(
      escalation.look({ now: 700_000, regular: true, sightings: [], quiet: ['internal_fault'] }).judgements,
    ).toEqual([{ cause: 'internal_fault', level: 'light', verdict: 'unproven' }]);
  });

  it('stops healing by itself when it has healed too often', () => {
    const escalation = new Escalation({ ...OPTIONS, heals: 2, cooldownMs: 0 });
    const fault = [sighting('connection_fault', ['medium'], true)];
    const decisions = rehearse(escalation, [fault, [], [], fault, [], [], fault]);
    expect(short(decisions)).toEqual(['medium', 'nothing', 'nothing', 'medium', 'nothing', 'nothing', 'wait']);
  });
});

const LEVELS: fc.Arbitrary<HealLevel[]> = fc.subarray(ALL);
const LOOKS = fc.array(
  fc.record({
    stepMs: fc.integer({ min: 1, max: 120_000 }),
    sightings: fc.uniqueArray(fc.record({ cause: fc.constantFrom(...CAUSES), levels: LEVELS, urgent: fc.boolean() }), {
      selector: ({ cause }) => cause,
      maxLength: 4,
    }),
    quiet: fc.subarray([...CAUSES]),
    /** How many looks a heal takes. */
    healLooks: fc.integer({ min: 0, max: 3 }),
  }),
  { maxLength: 60 },
);

describe('Escalation, whatever comes', () => {
  it('never has two heals at once, never skips a level that could cure, and never climbs on what was cured', () => {
    fc.assert(
      fc.property(LOOKS, (looks) => {
        const escalation = new Escalation(OPTIONS);
        const failed = new Map<Cause, HealLevel>();
        let now = 0;
        let running: { cause: Cause; level: HealLevel; left: number } | undefined;
        for (const { stepMs, sightings, quiet, healLooks } of looks) {
          now += stepMs;
          if (running !== undefined && running.left-- <= 0) {
            escalation.healed(running.cause, running.level, now);
            running = undefined;
          }
          const { judgements, decision } = escalation.look({ now, regular: true, sightings, quiet });
          for (const { cause, level, verdict } of judgements) {
            if (verdict === 'not_cured') failed.set(cause, level);
            if (verdict === 'cured') failed.delete(cause);
          }
          if (decision.kind !== 'heal') continue;
          const { cause, level } = decision;
          expect(running).toBeUndefined();
          const { levels } = sightings.find((one) => one.cause === cause)!;
          expect(levels).toContain(level);
          const last = failed.get(cause);
          // The mildest that is left, above the last that failed: an episode that is over may begin anew below it.
          const allowed = [levels.find((one) => last === undefined || rankOf(one) > rankOf(last)), levels[0]];
          expect(allowed).toContain(level);
          running = { cause, level, left: healLooks };
        }
      }),
    );
  });

  it('always ends: a fault that nothing cures gets each level once, and then only waits', () => {
    fc.assert(
      fc.property(LEVELS, fc.boolean(), fc.integer({ min: 1, max: 90_000 }), (levels, urgent, stepMs) => {
        const looks = Array.from({ length: 400 }, () => [sighting('local_overload', levels, urgent)]);
        const decisions = rehearse(new Escalation({ ...OPTIONS, verifyMs: 1, cooldownMs: 1 }), looks, { stepMs });
        const heals = short(decisions).filter((word) => ALL.includes(word as HealLevel));
        expect(heals).toEqual(levels);
        expect(decisions.filter(({ kind }) => kind === 'decline')).toHaveLength(1);
        expect(decisions.at(-1)?.kind).toBe('wait');
      }),
    );
  });

  it('leaves nothing behind of what is over', () => {
    const escalation = new Escalation(OPTIONS);
    rehearse(escalation, [[sighting('store_fault', ['light'], true)], [], [], []]);
    expect(short(rehearse(escalation, [[sighting('store_fault', ['light'])]], { from: 200_000 }))).toEqual(['wait']);
  });
});
