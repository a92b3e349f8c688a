import { expect, it } from 'vitest';
import { type ContactState, liveness, refreshOf } from './liveness.js';
import { pauseBefore } from './pause.js';

const STATE: ContactState = { lost: false, heard: true, ageMs: 2000, stream: 'live', everyMs: 5000 };

it.each([
  [{}, '● live, 2 s ago'],
  [{ stream: 'blocked' }, '◐ polling every 5 s, events are blocked; 2 s ago'],
  [{ stream: 'refused' }, '◐ polling every 5 s, 2 s ago'],
  [{ stream: 'none', everyMs: 60_000, ageMs: 31_000 }, '◐ polling every 1 min, 31 s ago'],
  [{ ageMs: 16_000 }, '○ waiting, heard 16 s ago'],
  [{ ageMs: 180_000 }, '○ waiting, heard 3 min ago'],
  [{ heard: false }, '○ connecting'],
  [{ lost: true }, '○ disconnected'],
] as const)('%o: %s', (changes, words) => {
  expect(liveness({ ...STATE, ...changes })).toBe(words);
});

it.each([
  ['', 5000],
  ['?refresh=60', 60_000],
  ['?a=1&refresh=2&b', 2000],
  ['?refresh=0', 1000],
  ['?refresh=99999', 3_600_000],
  ['?refresh=soon', 5000],
])('the address %s asks for a look every %d ms', (search, ms) => {
  expect(refreshOf(search)).toBe(ms);
});

it('waits longer each time, to a minute and a bit, and never all at once', () => {
  expect([1, 2, 3, 4].map((failures) => pauseBefore(failures, 3000, 0.5))).toEqual([3000, 6000, 12_000, 24_000]);
  expect(pauseBefore(50, 3000, 0.5)).toBe(60_000);
  expect([pauseBefore(1, 3000, 0), pauseBefore(1, 3000, 1)]).toEqual([2250, 3750]);
});
