import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../kernel/test-random.js';
import { LevelRecord } from './level-record.js';
import { MINUTE, Watched } from './test-stock.js';

const RUNS = 60;

/** Share of runs of three hours in which something was forecast. */
function alarmed(run: (random: () => number) => (minute: number) => number): number {
  let alarms = 0;
  for (let seed = 1; seed <= RUNS; seed++) {
    const random = seededRandom(seed);
    alarms += Number(new Watched().watch(3 * 60, run(random)).changes.length > 0);
  }
  return alarms / RUNS;
}

describe('three hours in which nothing fills up', () => {
  it('are without an alarm under noise, however wide, below the limit', () => {
    expect(alarmed((random) => () => 500 + 480 * (random() - 0.5))).toBe(0);
    expect(alarmed((random) => () => 950 + 80 * (random() - 0.5))).toBe(0);
  });

  it('are seldom with one under a walk at random of up to one percent of the limit in a look', () => {
    const walk = (random: () => number): (() => number) => {
      let level = 500;
      return () => {
        // Kept between a tenth and nine tenths of the limit.
        level = Math.min(900, Math.max(100, level + 20 * (random() - 0.5)));
        return level;
      };
    };
    expect(alarmed(walk)).toBeLessThan(0.05);
  });
});

it('a record keeps sixty levels, whatever it is given', () => {
  const record = new LevelRecord(60 * MINUTE);
  let most = 0;
  for (let i = 0; i < 100_000; i++) {
    record.take({ at: i * 1000, used: (i * 7919) % 1000 });
    most = Math.max(most, record.levels(i * 1000).length);
  }
  expect(most).toBe(60);
});
