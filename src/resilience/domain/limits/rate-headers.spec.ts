import { expect, it } from 'vitest';
import { RateHeaders, writtenLikeGo } from './rate-headers.js';

const verdict = { allowed: true, remaining: 999, resetMs: 11_001, restoredMs: 119_500, retryAfterMs: 0 };

it('tells the policy and what is left of it', () => {
  const headers = new RateHeaders({ name: 'default', requests: 1000, windowMs: 60_000 });
  expect(headers.plain(verdict)).toEqual([
    'ratelimit-policy',
    '"default";q=1000;w=60',
    'ratelimit',
    '"default";r=999;t=12',
  ]);
  expect(headers.openai(verdict).slice(4)).toEqual([
    'x-ratelimit-limit-requests',
    '1000',
    'x-ratelimit-remaining-requests',
    '999',
    'x-ratelimit-reset-requests',
    '2m0s',
  ]);
});

it('promises no more than there is when the window is no whole number of seconds', () => {
  const headers = new RateHeaders({ name: 'default', requests: 10, windowMs: 1500 });
  expect(headers.plain(verdict)[1]).toBe('"default";q=10;w=2');
});

it.each([
  [0, '0s'],
  [0.2, '1ms'],
  [120, '120ms'],
  [999.5, '1000ms'],
  [1000, '1s'],
  [59_001, '1m0s'],
  [90_000, '1m30s'],
  [360_000, '6m0s'],
  [3_600_000, '1h0m0s'],
  [172_799_000, '47h59m59s'],
])('%d ms is written %s', (ms, text) => {
  expect(writtenLikeGo(ms)).toBe(text);
});
