import { beforeEach, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { StandIns } from './stand-ins.js';

let clock: ManualClock;
let standIns: StandIns;
beforeEach(() => {
  clock = new ManualClock();
  standIns = new StandIns(clock);
});

const flash = { model: 'flash', key: 'k1' };

it('tells who answered last, within the time asked for and for five minutes at most', () => {
  expect(standIns.of('pro', 1000)).toBeUndefined();
  standIns.answered('pro', { model: 'pro', key: 'k1' });
  standIns.answered('pro', flash);
  clock.advance(1000);
  expect(standIns.of('pro', 1000)).toEqual(flash);
  expect(standIns.of('pro', 999)).toBeUndefined();
  clock.advance(299_000);
  expect(standIns.of('pro', 900_000)).toEqual(flash);
  clock.advance(1);
  expect(standIns.of('pro', 900_000)).toBeUndefined();
});

it('remembers a hundred questions, and forgets the one that was answered longest ago', () => {
  for (let index = 0; index < 100; index++) standIns.answered(`model-${index}`, flash);
  standIns.answered('model-0', flash);
  standIns.answered('one more', flash);
  expect([standIns.of('model-0', 1), standIns.of('model-1', 1), standIns.of('one more', 1)]).toEqual([
    flash,
    undefined,
    flash,
  ]);
});
