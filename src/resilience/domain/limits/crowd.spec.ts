import { beforeEach, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { Crowd, type CrowdSize, crowdText, limitText } from './crowd.js';

let clock: ManualClock;
let crowd: Crowd;
beforeEach(() => {
  clock = new ManualClock();
  crowd = new Crowd(clock);
});

const size: CrowdSize = { waiting: 12, places: 8, lowered: true, calls: 1000 };

it('is there for ten seconds after the last refusal', () => {
  expect(crowd.now).toBeUndefined();
  crowd.refused('model', 'low');
  clock.advance(9999);
  expect(crowd.now).toEqual({ room: 'model', lowOnly: true });
  clock.advance(1);
  expect(crowd.now).toBeUndefined();
});

it('is of low priority alone until something else was refused, and again when that is past', () => {
  crowd.refused('model', 'normal');
  clock.advance(5000);
  crowd.refused('model', 'low');
  expect(crowd.now).toMatchObject({ lowOnly: false });
  clock.advance(5000);
  expect(crowd.now).toMatchObject({ lowOnly: true });
  crowd.refused('body_memory');
  expect(crowd.now).toEqual({ room: 'body_memory', lowOnly: false });
});

it('is told with who waits and the limit that holds, and no more than is so', () => {
  const low = { room: 'model', lowOnly: true } as const;
  expect(crowdText(low, size)).toBe('Busy: 12 waiting, low priority refused.');
  expect(limitText(low, size)).toBe('Limit 8, raised as latency falls.');
  expect(crowdText({ ...low, lowOnly: false }, { ...size, waiting: 0 })).toBe('Busy: calls refused.');
  expect(limitText(low, { ...size, lowered: false })).toBe('Limit 8.');
  expect(limitText(low, { ...size, places: 0 })).toBeUndefined();
  expect(limitText({ ...low, room: 'calls' }, size)).toBe('Limit 1000.');
  expect(limitText({ ...low, room: 'body_memory' }, size)).toBe('The memory for bodies is full.');
});
