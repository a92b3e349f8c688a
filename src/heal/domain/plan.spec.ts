import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAUSES } from '../../kernel/cause.js';
import { HEAL_LEVELS, includes, rankOf } from '../../kernel/heal-level.js';
import { levelsFor, planOf, type StepFacts } from './plan.js';

const STEPS: StepFacts[] = [
  { name: 'leave', level: 'heavy', audience: 'automatic', cures: ['internal_fault'] },
  { name: 'recycle', level: 'medium', audience: 'all', cures: ['connection_fault'], option: 'reset_http_client' },
  {
    name: 'reset',
    level: 'light',
    audience: 'all',
    cures: ['internal_fault'],
    helps: ['connection_fault'],
    option: 'reset',
  },
  { name: 'check', level: 'light', audience: 'all', cures: ['store_fault'], option: 'check' },
];
const names = (planned: ReturnType<typeof planOf<StepFacts>>): string[] =>
  planned.flatMap(({ step, runs }) => (runs ? [step.name] : []));

describe('the plan of a heal', () => {
  it('of the node’s own has the steps that can cure the cause, and those that help them', () => {
    const plan = planOf(STEPS, { by: 'watchdog', cause: 'connection_fault', level: 'medium' }, () => true);
    expect(names(plan)).toEqual(['reset', 'recycle']);
    expect(plan.find(({ step }) => step.name === 'check')?.reason).toBe('cannot cure connection_fault');
    expect(plan.find(({ step }) => step.name === 'leave')?.reason).toBe('belongs to a heavy heal');
  });

  it('by hand has what is wanted, switched on and off by options, and never the exit', () => {
    const heal = { by: 'admin', level: 'heavy', options: { reset: false, reset_http_client: true } } as const;
    const plan = planOf(STEPS, heal, ({ name }) => name === 'check');
    expect(names(plan)).toEqual(['check', 'recycle']);
    expect(plan.find(({ step }) => step.name === 'leave')?.reason).toBe('only the watchdog takes it');
  });

  it('tells the levels at which a cause can be cured', () => {
    expect(levelsFor(STEPS, 'connection_fault')).toEqual(['medium']);
    expect(levelsFor(STEPS, 'internal_fault')).toEqual(['light', 'heavy']);
    expect(levelsFor(STEPS, 'upstream_outage')).toEqual([]);
  });

  it('nests: a level has all steps of the one below, mildest first, and nothing above itself', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CAUSES), fc.constantFrom(...HEAL_LEVELS), (cause, level) => {
        const plan = planOf(STEPS, { by: 'watchdog', cause, level }, () => true);
        const ranks = plan.map(({ step }) => rankOf(step.level));
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
        for (const { step, runs } of plan) if (runs) expect(includes(level, step.level)).toBe(true);
        for (const lower of HEAL_LEVELS.filter((one) => includes(level, one)))
          expect(names(plan)).toEqual(
            expect.arrayContaining(names(planOf(STEPS, { by: 'watchdog', cause, level: lower }, () => true))),
          );
      }),
    );
  });
});
