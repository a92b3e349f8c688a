import { beforeEach, expect, it } from 'vitest';
import { ManualClock } from '../../kernel/clock.js';
import { StoreTrial } from './store-trial.js';

const NEVER = new AbortController().signal;

let clock: ManualClock;
let tries: (() => Promise<void>)[];
let made: number;
let trial: StoreTrial;
beforeEach(() => {
  clock = new ManualClock();
  tries = [];
  made = 0;
  const next = (): Promise<void> => tries[made++]?.() ?? Promise.resolve();
  trial = new StoreTrial(clock, next, (error) =>
    (error as Error).message === 'busy' ? undefined : (error as Error).message,
  );
});

const failing = (why: string) => (): Promise<void> => Promise.reject(new Error(why));

it('tells that a write failed until one does not', async () => {
  tries = [failing('the disk is full')];
  await trial.run(NEVER);
  expect(trial.trouble).toEqual({ kind: 'failed', why: 'the disk is full' });
  clock.advance(10_000);
  await trial.run(NEVER);
  expect(trial.trouble).toBeUndefined();
});

it('tries no more than once in ten seconds, but at once after a heal', async () => {
  tries = [failing('the disk is full')];
  await trial.run(NEVER);
  clock.advance(9999);
  await trial.run(NEVER);
  expect([made, trial.trouble?.kind]).toEqual([1, 'failed']);
  trial.forget();
  await trial.run(NEVER);
  expect([made, trial.trouble]).toEqual([2, undefined]);
});

it('holds nothing against a store that is only busy', async () => {
  tries = [failing('busy')];
  await trial.run(NEVER);
  expect(trial.trouble).toBeUndefined();
});

it('is late while a write hangs, begins no other, and is well once it has ended', async () => {
  let end = (): void => undefined;
  tries = [() => new Promise((resolve) => (end = resolve))];
  await trial.run(AbortSignal.abort());
  expect(trial.trouble).toEqual({ kind: 'late' });
  clock.advance(60_000);
  const waiting = trial.run(NEVER);
  expect(made).toBe(1);
  end();
  await waiting;
  expect(trial.trouble).toBeUndefined();
});
