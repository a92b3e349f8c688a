import { beforeEach, expect, it } from 'vitest';
import { ManualClock } from '../../kernel/clock.js';
import { GuessLimit } from './guess-limit.js';

const HERE = '192.0.2.1';

let clock: ManualClock;
let limit: GuessLimit;
beforeEach(() => {
  clock = new ManualClock();
  clock.advance(1_000_000);
  limit = new GuessLimit();
});

/** Tries a candidate as whoever compares it does; how long it has to wait first. */
const attempt = (candidate: string, network = HERE): number => {
  const wait = limit.wait(network, candidate, clock.now());
  if (wait === 0) limit.wrong(network, candidate, clock.now());
  return wait;
};
const exhaust = (): void => {
  for (let n = 0; n < 10; n++) expect(attempt(`guess ${n}`)).toBe(0);
};

it('lets ten guesses through, then one in half a minute', () => {
  exhaust();
  expect(attempt('guess 10')).toBe(30_000);
  clock.advance(29_999);
  expect(attempt('guess 10')).toBe(1);
  clock.advance(1);
  expect(attempt('guess 10')).toBe(0);
  expect(attempt('guess 11')).toBe(30_000);
});

it('does not count what was tried before: it teaches nothing', () => {
  for (let n = 0; n < 1000; n++) expect(attempt('the token of yesterday')).toBe(0);
  for (let n = 0; n < 9; n++) expect(attempt(`guess ${n}`)).toBe(0);
  expect(attempt('one more')).toBeGreaterThan(0);
  expect(attempt('the token of yesterday')).toBe(0);
});

it('tells networks apart', () => {
  exhaust();
  expect(attempt('guess', HERE)).toBeGreaterThan(0);
  expect(attempt('guess', '192.0.2.2')).toBe(0);
});

it('gives back no more than it gave at first', () => {
  exhaust();
  clock.advance(86_400_000);
  for (let n = 0; n < 10; n++) expect(attempt(`tomorrow ${n}`)).toBe(0);
  expect(attempt('tomorrow 10')).toBe(30_000);
});

it('lets less than three thousand guesses through in a day', () => {
  let through = 0;
  for (let second = 0; second < 86_400; second++) {
    if (attempt(`guess ${second}`) === 0) through++;
    clock.advance(1000);
  }
  expect(through).toBeGreaterThan(2000);
  expect(through).toBeLessThan(3000);
});

it('remembers a thousand networks, and forgets the one that tried first', () => {
  exhaust();
  for (let n = 0; n < 999; n++) attempt('guess', `network ${n}`);
  expect(limit.size).toBe(1000);
  expect(attempt('one more')).toBeGreaterThan(0);
  attempt('guess', 'one network more');
  expect(limit.size).toBe(1000);
  expect(attempt('one more')).toBe(0);
});
