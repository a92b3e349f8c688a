import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { RetryBudget } from './retry-budget.js';

function takeAll(budget: RetryBudget, times: number): number {
  return Array.from({ length: times }, () => budget.take('retry')).filter(Boolean).length;
}

it('allows a fifth of the recent calls, for all uses together', () => {
  const budget = new RetryBudget(new ManualClock());
  for (let i = 0; i < 500; i++) budget.call();
  expect(budget.take('resume')).toBe(true);
  expect(takeAll(budget, 200)).toBe(99);
  expect(budget.take('resume')).toBe(false);
});

it('allows a few however little traffic there is', () => {
  const clock = new ManualClock();
  const budget = new RetryBudget(clock);
  expect(takeAll(budget, 100)).toBe(10);
  clock.advance(10_500);
  expect(takeAll(budget, 100)).toBe(10);
});

it('keeps half of it from hedges', () => {
  const budget = new RetryBudget(new ManualClock());
  expect(Array.from({ length: 20 }, () => budget.take('hedge')).filter(Boolean).length).toBe(5);
  expect(takeAll(budget, 20)).toBe(5);
});

it('holds the load of a long outage at 1.2 times the usual', () => {
  const clock = new ManualClock();
  const budget = new RetryBudget(clock);
  let sent = 0;
  const calls = 50 * 120;
  for (let i = 0; i < calls; i++) {
    clock.advance(20);
    budget.call();
    sent++;
    // Every attempt fails, every call would like two more.
    for (let retry = 0; retry < 2; retry++) if (budget.take('retry')) sent++;
  }
  expect(sent / calls).toBeLessThan(1.22);
  expect(sent / calls).toBeGreaterThan(1.15);
});

it('never gives out more than its share within one window, however calls and clocks go', () => {
  const step = fc.record({ ms: fc.nat(4_000), calls: fc.nat(30), wanted: fc.nat(30) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const clock = new ManualClock();
      const budget = new RetryBudget(clock, { share: 0.2, floor: 3, windowMs: 10_000 });
      for (const { ms, calls, wanted } of steps) {
        clock.advance(ms);
        for (let i = 0; i < calls; i++) budget.call();
        const taken = takeAll(budget, wanted);
        if (taken > 0) expect(budget.used).toBeLessThanOrEqual(budget.allowed);
        if (taken < wanted) expect(budget.used + 1).toBeGreaterThan(budget.allowed);
      }
    }),
  );
});
