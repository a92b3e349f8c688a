import { expect, it } from 'vitest';
import { LevelAlarm } from './level-alarm.js';

function readings(...used: number[]): boolean[] {
  const alarm = new LevelAlarm({ raiseAt: 0.9, clearBelow: 0.85, readings: 2 });
  return used.map((one) => {
    alarm.take(one, 100);
    return alarm.raised;
  });
}

it('is raised by readings in a row, and not by single ones', () => {
  expect(readings(95, 50, 95, 89, 90, 90)).toEqual([false, false, false, false, false, true]);
});

it('is cleared only well below where it was raised', () => {
  expect(readings(91, 91, 89, 85, 84, 91)).toEqual([false, true, true, true, false, false]);
});

it('begins anew when it is cleared', () => {
  const alarm = new LevelAlarm({ raiseAt: 0.9, clearBelow: 0.85, readings: 2 });
  alarm.take(95, 100);
  alarm.take(95, 100);
  alarm.clear();
  expect(alarm.raised).toBe(false);
  alarm.take(95, 100);
  expect(alarm.raised).toBe(false);
});
