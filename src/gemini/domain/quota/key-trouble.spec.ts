import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { KeyPool } from './key-pool.js';
import { quotaRelief, quotaText, quotaTrouble, refusedKeys } from './key-trouble.js';

let clock: ManualClock;
let pool: KeyPool;
beforeEach(() => {
  clock = new ManualClock(Date.UTC(2026, 10, 28, 12));
  const keys = [
    { id: 'a1', project: 'a' },
    { id: 'a2', project: 'a' },
    { id: 'b1', project: 'b' },
  ];
  pool = new KeyPool(keys, clock, () => 0.5);
});

function rest(id: string, model: string, restMs: number): void {
  pool.refused(id, model, { kind: 'per_minute', scope: 'project', model: undefined, restMs }, clock.now());
}

const told = (fallbacks: readonly string[] = []): string | undefined => {
  const trouble = quotaTrouble(pool.describe(), () => fallbacks);
  return trouble === undefined ? undefined : `${quotaText(trouble)} ${quotaRelief(trouble, clock.wall())}`;
};

describe('quotas that are used up', () => {
  it('are none at first, and none once they have rested', () => {
    expect(told()).toBeUndefined();
    rest('a1', 'flash', 30_000);
    expect(told()).toBe('Quota used up on 2 of 3 keys. Others serve.');
    clock.advance(30_000);
    expect(told()).toBeUndefined();
  });

  it('of every key for one model tell when the first is back', () => {
    rest('a1', 'flash', 90_000);
    rest('b1', 'flash', 60_000);
    rest('b1', 'pro', 600_000);
    expect(told()).toBe('Quota used up on 3 of 3 keys. All rest for flash: callers get 429 until 12:01 UTC.');
    // A time that is told is not too early.
    clock.advance(1000);
    rest('b1', 'flash', 60_000);
    expect(told()).toContain('until 12:02 UTC.');
    clock.advance(60_000);
    expect(told()).toBe('Quota used up on 3 of 3 keys. Others serve.');
  });

  it('of every key for a model with a fallback that does not rest leave that to serve', () => {
    rest('a1', 'flash', 90_000);
    rest('b1', 'flash', 60_000);
    expect(told(['lite'])).toBe('Quota used up on 3 of 3 keys. Fallback models serve.');
    rest('a1', 'lite', 90_000);
    rest('b1', 'lite', 90_000);
    expect(told(['lite'])).toContain('All rest for lite');
  });

  it('for different models leave somebody for each', () => {
    rest('a1', 'flash', 90_000);
    rest('b1', 'pro', 90_000);
    expect(told()).toBe('Quota used up on 3 of 3 keys. Others serve.');
  });

  it('are of the keys that Gemini takes', () => {
    rest('a1', 'flash', 60_000);
    pool.putOut('b1', 'API_KEY_INVALID');
    expect(told()).toBe('Quota used up on 2 of 2 keys. All rest for flash: callers get 429 until 12:01 UTC.');
  });
});

it('keys that Gemini refuses are told until they are answered', () => {
  pool.putOut('b1', 'API_KEY_INVALID');
  expect(refusedKeys(pool.describe())).toEqual([{ id: 'b1', fault: 'API_KEY_INVALID' }]);
  pool.answered('b1', 'flash', clock.now());
  expect(refusedKeys(pool.describe())).toEqual([]);
});
