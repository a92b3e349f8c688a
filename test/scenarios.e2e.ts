import { describe, expect, it, vi } from 'vitest';
import { PROFILES } from './scenarios/profile.js';
import { SCENARIOS } from './scenarios/scenarios.js';
import { runTrial, trialsOf } from './scenarios/trial.js';
import { asGoodAs } from './scenarios/verdict.js';

// Most of a trial is waiting.
vi.setConfig({ maxConcurrency: 12 });

describe('the scorecard, at an eighth of its times', () => {
  it.concurrent.for(trialsOf(SCENARIOS))('$name: $scenario.title', async (trial, { expect: expectHere }) => {
    const { verdict, reason } = await runTrial(trial, PROFILES.fast);
    expectHere(asGoodAs(verdict, trial.expected), `${verdict}: ${reason}; expected ${trial.expected}`).toBe(true);
  });

  it('has sixteen scenarios', () => {
    expect(new Set(SCENARIOS.map(({ number }) => number))).toEqual(
      new Set(Array.from({ length: 16 }, (_, i) => i + 1)),
    );
  });
});
