import { describe, expect, it } from 'vitest';
import { RestartBackoff } from './restart-backoff.js';

describe('the wait before a restart', () => {
  it('is none at first, then doubles from a second to a minute', () => {
    const backoff = new RestartBackoff();
    expect(Array.from({ length: 9 }, () => backoff.next(100))).toEqual([
      0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000,
    ]);
  });

  it('begins anew after a process that has served for a minute', () => {
    const backoff = new RestartBackoff();
    for (let i = 0; i < 2000; i++) backoff.next(0);
    expect([backoff.next(59_999), backoff.next(60_000), backoff.next(0)]).toEqual([60_000, 0, 1000]);
  });
});
