import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { KeyPool, type PoolKey } from './key-pool.js';
import { type QuotaVerdict } from './quota-verdict.js';

const HOUR = 3_600_000;
let clock: ManualClock;

beforeEach(() => {
  clock = new ManualClock();
});

function poolOf(...keys: (string | PoolKey)[]): KeyPool {
  const members = keys.map((key) => (typeof key === 'string' ? { id: key } : key));
  return new KeyPool(members, clock, () => 0.999_999);
}

function minutes(restMs: number, scope: 'project' | 'key' = 'project'): QuotaVerdict {
  return { kind: 'per_minute', restMs, scope, model: undefined };
}

const bare: QuotaVerdict = { kind: 'unknown', restMs: undefined, scope: 'project', model: undefined };
const day: QuotaVerdict = { kind: 'per_day', restMs: 20 * HOUR, scope: 'project', model: undefined };

describe('choice', () => {
  it('takes turns while nothing is in flight', () => {
    const pool = poolOf('a', 'b', 'c');
    const turns = Array.from({ length: 6 }, () => {
      const lease = pool.choose('pro');
      lease?.release();
      return lease?.id;
    });
    expect(turns).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  });

  it('prefers the key with the least in flight', () => {
    const pool = poolOf('a', 'b');
    const first = pool.choose('pro');
    expect(pool.choose('pro')?.id).toBe('b');
    first?.release();
    first?.release();
    expect(pool.choose('pro')?.id).toBe('a');
    expect(pool.describe().keys.map(({ inFlight }) => inFlight)).toEqual([1, 1]);
  });

  it('loads projects evenly, however many keys they have', () => {
    const pool = poolOf({ id: 'a1', project: 'a' }, { id: 'a2', project: 'a' }, 'b');
    const ids = Array.from({ length: 4 }, () => pool.choose('pro')?.id);
    expect(ids).toEqual(['a1', 'b', 'a2', 'b']);
  });

  it('has no key to give when there is none', () => {
    expect(poolOf().choose('pro')).toBeUndefined();
    expect(poolOf().soonest('pro')).toBeUndefined();
  });
});

describe('rests', () => {
  it('leave out the project for the model, and nothing else', () => {
    const pool = poolOf({ id: 'a1', project: 'a' }, { id: 'a2', project: 'a' }, 'b');
    pool.refused('a1', 'pro', minutes(30_000), clock.now());
    expect(pool.choose('pro')?.id).toBe('b');
    expect(pool.choose('pro')?.id).toBe('b');
    expect(pool.choose('flash')?.id).not.toBe('b');
    expect(pool.restMs('a2', 'pro')).toBe(30_000);
  });

  it('of one key leave its project alone', () => {
    const pool = poolOf({ id: 'a1', project: 'a' }, { id: 'a2', project: 'a' });
    pool.refused('a1', 'pro', minutes(30_000, 'key'), clock.now());
    expect(pool.choose('pro')?.id).toBe('a2');
  });

  it('tell when the first key is ready, and end by themselves', () => {
    const pool = poolOf('a', 'b');
    pool.refused('a', 'pro', day, clock.now());
    expect(pool.soonest('pro')).toBe(0);
    pool.refused('b', 'pro', minutes(30_000), clock.now());
    clock.advance(10_000);
    expect(pool.soonest('pro')).toBe(20_000);
    expect(pool.choose('pro')).toBeUndefined();
    clock.advance(20_000);
    expect(pool.choose('pro')?.id).toBe('b');
  });

  it('include the model an alias stands for', () => {
    const pool = poolOf('a');
    pool.refused('a', 'flash-latest', { ...minutes(30_000), model: 'gemini-3-flash' }, clock.now());
    expect(pool.soonest('flash-latest')).toBe(30_000);
    expect(pool.soonest('gemini-3-flash')).toBe(30_000);
  });

  it('are extended by a later end, never shortened by an earlier one', () => {
    const pool = poolOf('a');
    pool.refused('a', 'pro', minutes(30_000), clock.now());
    pool.refused('a', 'pro', minutes(5_000), clock.now());
    expect(pool.soonest('pro')).toBe(30_000);
    pool.refused('a', 'pro', day, clock.now());
    expect(pool.soonest('pro')).toBe(20 * HOUR);
    pool.refused('a', 'pro', bare, clock.now());
    expect(pool.soonest('pro')).toBe(20 * HOUR);
  });

  it('do not follow a wall clock that is set', () => {
    const pool = poolOf('a');
    pool.refused('a', 'pro', minutes(30_000), clock.now());
    clock.setWall(0);
    expect(pool.soonest('pro')).toBe(30_000);
  });

  it('end with an answer to a call begun since, and not with an older one', () => {
    const pool = poolOf('a');
    const before = clock.now();
    clock.advance(1_000);
    pool.refused('a', 'pro', day, before);
    pool.answered('a', 'pro', before);
    expect(pool.soonest('pro')).toBe(20 * HOUR);
    clock.advance(1_000);
    pool.answered('a', 'pro', clock.now());
    expect(pool.soonest('pro')).toBe(0);
  });
});

describe('refusals without a word', () => {
  it('rest longer each time, up to a minute, and start anew after an answer', () => {
    const pool = poolOf('a');
    const rests = Array.from({ length: 9 }, () => {
      const rest = pool.refused('a', 'pro', bare, clock.now());
      clock.advance(rest);
      return Math.round(rest / 1000);
    });
    expect(rests).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    pool.answered('a', 'pro', clock.now());
    expect(Math.round(pool.refused('a', 'pro', bare, clock.now()) / 1000)).toBe(1);
  });

  it('count once when they come in a burst', () => {
    const pool = poolOf('a');
    const began = clock.now();
    for (let i = 0; i < 500; i++) {
      clock.advance(1);
      pool.refused('a', 'pro', bare, began);
    }
    expect(pool.soonest('pro')).toBeLessThanOrEqual(1_000);
  });

  it('never black a key out for long, whatever the burst is made of', () => {
    const refusal = fc.record({
      ms: fc.nat(2_000),
      restMs: fc.option(fc.nat(60_000), { nil: undefined }),
      age: fc.nat(9_000),
    });
    fc.assert(
      fc.property(fc.array(refusal, { maxLength: 200 }), (refusals) => {
        const pool = poolOf('a');
        for (const { ms, restMs, age } of refusals) {
          clock.advance(ms);
          const verdict = restMs === undefined ? bare : minutes(restMs);
          const rest = pool.refused('a', 'pro', verdict, clock.now() - age);
          expect(rest).toBeLessThanOrEqual(60_000);
          expect(rest).toBeGreaterThanOrEqual(restMs ?? 0);
        }
      }),
    );
  });
});
