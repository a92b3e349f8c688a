import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../kernel/clock.js';
import { ErrorBudget } from './error-budget.js';

const budgetOf = (): { clock: ManualClock; budget: ErrorBudget } => {
  const clock = new ManualClock();
  return { clock, budget: new ErrorBudget(clock, 3, 1000) };
};

describe('ErrorBudget', () => {
  it('asks for a recycling at the threshold', () => {
    const { budget } = budgetOf();
    expect([budget.fail(), budget.fail(), budget.fail()]).toEqual([false, false, true]);
  });

  it('forgets errors at a success', () => {
    const { budget } = budgetOf();
    budget.fail();
    budget.fail();
    budget.succeed();
    expect(budget.fail()).toBe(false);
    expect(budget.errors).toBe(1);
  });

  it('waits out the cool-down, then asks again', () => {
    const { clock, budget } = budgetOf();
    budget.recycled();
    for (let i = 0; i < 5; i++) expect(budget.fail()).toBe(false);
    clock.advance(1000);
    expect(budget.fail()).toBe(true);
  });

  it('is not misled by a wall clock set back', () => {
    const { clock, budget } = budgetOf();
    budget.recycled();
    clock.setWall(0);
    clock.advance(1000);
    expect([budget.fail(), budget.fail(), budget.fail()]).toEqual([false, false, true]);
  });
});
