import { expect, it } from 'vitest';
import { LookPlan } from './look-plan.js';

const plan = (): LookPlan => new LookPlan(5000, 500);

it('looks at once, and again some time after each look', () => {
  const looks = plan();
  expect(looks.begin(0)).toBe(true);
  expect(looks.begin(0)).toBe(false);
  looks.end(300);
  expect(looks.begin(5299)).toBe(false);
  expect(looks.begin(5300)).toBe(true);
  looks.end(5400, 100);
  expect(looks.next).toBe(5500);
});

it('looks again at once when something happens during a look', () => {
  const looks = plan();
  looks.begin(0);
  looks.want(200);
  looks.want(250);
  looks.end(800);
  expect(looks.next).toBe(800);
  expect(looks.begin(800)).toBe(true);
  looks.end(900);
  expect(looks.next).toBe(5900);
});

it('keeps its distance, however much happens', () => {
  const looks = plan();
  looks.begin(0);
  looks.end(10);
  for (let now = 20; now < 400; now += 20) looks.want(now);
  expect(looks.next).toBe(500);
  looks.begin(500);
  looks.want(505);
  looks.end(510);
  expect(looks.next).toBe(1000);
});
