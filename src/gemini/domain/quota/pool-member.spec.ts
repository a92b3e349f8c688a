import { expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { KeyPool } from './key-pool.js';

it('a bad key is tried again after a while, by one call at a time, and stays once it has answered', () => {
  const clock = new ManualClock();
  const pool = new KeyPool([{ id: 'a' }, { id: 'b' }], clock, () => 0, 60_000);
  expect(pool.putOut('a', 'x')).toBe(true);
  clock.advance(59_999);
  expect(pool.ranked('pro')).toEqual(['b']);
  clock.advance(1);
  expect(pool.ranked('pro')).toHaveLength(2);
  const lease = pool.take('a');
  expect(pool.ranked('pro')).toEqual(['b']);
  expect(pool.putOut('a', 'x')).toBe(false);
  lease.release();
  clock.advance(60_000);
  pool.take('a');
  pool.answered('a', 'pro', clock.now());
  expect(pool.ranked('pro')).toHaveLength(2);
  expect(pool.putOut('a', 'x')).toBe(true);
});
