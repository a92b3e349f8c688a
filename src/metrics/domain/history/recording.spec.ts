import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { PointGatherer } from './points.js';
import { floor, type PlacedSample, Recording } from './recording.js';
import { type KeptStep, STEPS } from './resolution.js';
import { type Readings } from './sample.js';
import { type Series } from './series.js';

const START = Date.UTC(2026, 0, 1);
const SERIES: readonly Series[] = [
  { name: 'calls', unit: '', help: '', shown: { as: 'sum', of: 'calls' } },
  { name: 'rate', unit: '', help: '', shown: { as: 'rate', of: 'calls' } },
  { name: 'queue', unit: '', help: '', shown: { as: 'highest', of: 'queue' } },
  { name: 'mean', unit: '', help: '', shown: { as: 'mean', of: 'queue' } },
  { name: 'up', unit: '', help: '', shown: { as: 'presence' } },
];

const at = (calls: number, queue = 0, slow = 0): Readings => ({
  counts: { calls },
  gauges: { queue },
  buckets: { time: { '1': calls - slow, '+Inf': slow } },
});

const told = (samples: readonly PlacedSample[], name: string, step: number, seconds: number): (number | null)[] => {
  const from = START / 1000;
  const gatherer = new PointGatherer(SERIES, { from, to: from + seconds }, step, from + seconds);
  for (const { sample, ...place } of samples) gatherer.add(place, sample);
  const one = SERIES.find((series) => series.name === name)!;
  return gatherer.points(one, () => [1]).map(([, value]) => value);
};

/** Time goes on by ten seconds, and a sample is taken. */
const pass = (clock: ManualClock, recording: Recording, readings: Readings): void => {
  clock.advance(10_000);
  recording.take(readings);
};

describe('the samples of a life', () => {
  it('roll up to minutes and hours that are what a plain count over the same time gives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ calls: fc.nat(50), queue: fc.nat(9), slow: fc.nat(5) }), { minLength: 1, maxLength: 359 }),
        (steps) => {
          const clock = new ManualClock(START);
          const recording = new Recording('life', clock, at(0));
          let [calls, slow] = [0, 0];
          for (const step of steps) {
            calls += step.calls + step.slow;
            slow += step.slow;
            pass(clock, recording, at(calls, step.queue, slow));
          }
          for (const kept of STEPS) {
            const rows = recording.atHand(kept, 0, Infinity);
            for (const row of rows) {
              const of = steps.filter((_, n) => floor(START / 1000 + n * 10, kept) === row.at);
              const queues = of.map(({ queue }) => queue);
              expect(row.sample.seconds).toBe(of.length * 10);
              expect(row.sample.counts['calls']).toBe(of.reduce((sum, one) => sum + one.calls + one.slow, 0));
              expect(row.sample.buckets['time']?.['+Inf'] ?? 0).toBe(of.reduce((sum, one) => sum + one.slow, 0));
              expect(row.sample.gauges['queue']?.max).toBe(Math.max(...queues));
              expect(row.sample.gauges['queue']?.mean).toBeCloseTo(queues.reduce((a, b) => a + b, 0) / of.length, 6);
            }
            const all = rows.reduce((sum, { sample }) => sum + (sample.counts['calls'] ?? 0), 0);
            expect(all).toBe(calls);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('fall where they belong, taken somewhat early or late', () => {
    const clock = new ManualClock(START);
    const recording = new Recording('life', clock, at(0));
    for (const late of [10_003, 9_996, 13_000, 7_001]) {
      clock.advance(late);
      recording.take(at(0));
    }
    const begin = START / 1000;
    expect(recording.atHand(10, 0, Infinity).map(({ at: start }) => start - begin)).toEqual([0, 10, 20, 30]);
    expect(recording.end).toBe(begin + 40);
  });

  it('are unknown where the node did not run, and the sum of both lives where it started anew', () => {
    const clock = new ManualClock(START);
    const first = new Recording('one', clock, at(0));
    for (const calls of [6, 12, 18]) pass(clock, first, at(calls));
    clock.advance(60_000);
    // The counters of a new process begin at zero, and what it did before its first reading is no spike.
    const second = new Recording('two', clock, at(4));
    for (const calls of [10, 16]) pass(clock, second, at(calls));
    const rows = (step: KeptStep): PlacedSample[] => [first, second].flatMap((life) => life.atHand(step, 0, Infinity));
    expect(told(rows(10), 'rate', 10, 110)).toEqual([36, 36, 36, null, null, null, null, null, null, 36, 36]);
    expect(told(rows(60), 'calls', 60, 120)).toEqual([18, 12]);
    expect(told(rows(60), 'rate', 60, 120)).toEqual([36, 36]);
    expect(told(rows(60), 'up', 60, 120)).toEqual([0.5, 0.333333]);
  });

  it('add up over processes that run side by side', () => {
    const clock = new ManualClock(START);
    const lives = ['a', 'b'].map((name) => new Recording(name, clock, at(0)));
    for (const calls of [10, 20]) {
      clock.advance(10_000);
      for (const life of lives) life.take(at(calls));
    }
    const rows = lives.flatMap((life) => life.atHand(10, 0, Infinity));
    expect(told(rows, 'rate', 10, 20)).toEqual([120, 120]);
    expect(told(rows, 'up', 10, 20)).toEqual([1, 1]);
  });

  it('lose nothing to a clock that is set back, and never go below zero', () => {
    const clock = new ManualClock(START);
    const recording = new Recording('life', clock, at(0));
    for (const calls of [5, 10, 15]) pass(clock, recording, at(calls));
    recording.saved(recording.unsaved());
    clock.setWall(START);
    for (const calls of [20, 25]) pass(clock, recording, at(calls));
    const rows = recording.atHand(10, 0, Infinity);
    // What was stored of that time stays: the second reading of it has a name of its own.
    expect(new Set(rows.map((row) => `${row.at} ${row.life}`)).size).toBe(5);
    expect(recording.unsaved().filter(({ step }) => step === 10)).toHaveLength(2);
    expect(told(rows, 'calls', 10, 30)).toEqual([10, 10, 5]);
    expect(told(rows, 'rate', 10, 30)).toEqual([60, 60, 30]);
  });

  it('are bounded, stored or not, and the oldest go first', () => {
    const clock = new ManualClock(START);
    const recording = new Recording('life', clock, at(0));
    for (let calls = 1; calls <= 20_000; calls++) pass(clock, recording, at(calls));
    const held = (step: KeptStep): number => recording.atHand(step, 0, Infinity).length;
    expect(STEPS.map(held)).toEqual([360, 240, 48]);
    expect(recording.unsaved()).toHaveLength(360 + 240 + 48);
    expect(recording.atHand(10, 0, Infinity).at(-1)?.at).toBe(START / 1000 + 199_990);
  });

  it('are to be stored until they are stored as they are now', () => {
    const clock = new ManualClock(START);
    const recording = new Recording('life', clock, at(0));
    const due = (): number[] => recording.unsaved().map(({ step }) => step);
    pass(clock, recording, at(1));
    expect(due()).toEqual([10, 60, 3600]);
    const given = recording.unsaved();
    pass(clock, recording, at(2));
    recording.saved(given);
    // The minute and the hour went on meanwhile.
    expect(due()).toEqual([60, 3600, 10]);
    recording.saved(recording.unsaved());
    pass(clock, recording, at(3));
    expect(due()).toEqual([10, 60]);
    recording.finish();
    expect(due().sort((a, b) => a - b)).toEqual([10, 60, 3600]);
  });
});

it('tells nothing of what has not happened yet', () => {
  const begin = START / 1000;
  const gatherer = new PointGatherer(SERIES, { from: begin + 3, to: begin + 600 }, 60, begin + 90);
  expect(gatherer.points(SERIES[0]!, () => [])).toEqual([
    [begin, null],
    [begin + 60, null],
  ]);
});
