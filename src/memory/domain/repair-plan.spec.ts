import { describe, expect, it } from 'vitest';
import { type FoundFile, lostRange, openingStep as step, type OpeningStep, type RedoReach } from './repair-plan.js';

const NOTHING: RedoReach = { last: 0, unbrokenFrom: 0, damagedEnd: false };
const reach = (unbrokenFrom: number, last: number, damagedEnd = false): RedoReach => ({
  unbrokenFrom,
  last,
  damagedEnd,
});
const openingStep = (file: FoundFile, at: RedoReach, hasBackups: boolean): OpeningStep =>
  step(file, { store: 'a', reach: at, hasBackups });
const database = (sequence: number): FoundFile => ({ kind: 'database', mark: { sequence, revision: sequence } });

describe('what to do with what is there', () => {
  it('begins a store only where there was none', () => {
    for (const kind of ['missing', 'empty'] as const) {
      expect(openingStep({ kind }, NOTHING, false)).toEqual({ step: 'use' });
      expect(openingStep({ kind }, reach(1, 1), false)).toMatchObject({ step: 'repair' });
      expect(openingStep({ kind }, NOTHING, true)).toMatchObject({ step: 'repair' });
    }
  });

  it('leaves a file that was never ours, and repairs one that was', () => {
    expect(openingStep({ kind: 'not_a_database' }, NOTHING, false)).toEqual({ step: 'leave' });
    expect(openingStep({ kind: 'not_a_database' }, NOTHING, true)).toEqual({ step: 'repair', cause: 'not_a_database' });
    expect(openingStep({ kind: 'corrupt' }, NOTHING, false)).toEqual({ step: 'repair', cause: 'corrupt' });
  });

  it('uses a database of an older version, and takes one without a mark for another where there is history', () => {
    const unmarked: FoundFile = { kind: 'database', mark: undefined };
    expect(openingStep(unmarked, NOTHING, false)).toEqual({ step: 'use' });
    expect(openingStep(unmarked, reach(3, 5), true)).toEqual({ step: 'repair', cause: 'replaced' });
  });

  it('uses a file that lacks only what the journal has', () => {
    expect(openingStep(database(5), reach(3, 5), true)).toEqual({ step: 'use' });
    expect(openingStep(database(9), reach(3, 5), true)).toEqual({ step: 'use' });
    expect(openingStep(database(4), reach(3, 5), true)).toEqual({ step: 'use' });
    expect(openingStep(database(2), reach(3, 5), true)).toEqual({ step: 'use' });
    expect(openingStep(database(1), reach(3, 5), true)).toEqual({ step: 'repair', cause: 'outdated' });
  });
});

describe('a file with an id', () => {
  const of = (store: string | undefined): FoundFile => ({
    kind: 'database',
    mark: { sequence: 4, revision: 4 },
    store,
  });

  it('is never gone on with where it is of another store, however far that had come', () => {
    expect(openingStep(of('b'), reach(3, 5), true)).toEqual({ step: 'repair', cause: 'foreign' });
    expect(openingStep(of('b'), reach(1, 3), false)).toEqual({ step: 'repair', cause: 'foreign' });
    expect(openingStep(of('b'), NOTHING, true)).toEqual({ step: 'repair', cause: 'foreign' });
  });

  it('is used where it is of this one, or has none as in an older version', () => {
    for (const store of ['a', undefined]) expect(openingStep(of(store), reach(3, 5), true)).toEqual({ step: 'use' });
  });
});

describe('what can be lost', () => {
  it('is nothing where base and journal join, and the file had come no further', () => {
    expect(lostRange(2, reach(3, 9), undefined)).toBeNull();
    expect(lostRange(0, reach(1, 9), 9)).toBeNull();
    expect(lostRange(9, reach(3, 9), 9)).toBeNull();
    expect(lostRange(9, NOTHING, 9)).toBeNull();
    expect(lostRange(9, reach(3, 9, true), 9)).toBeNull();
  });

  it('is what neither of them has', () => {
    expect(lostRange(2, reach(5, 9), undefined)).toEqual({ from: 3, to: 4 });
    expect(lostRange(2, reach(3, 9), 12)).toEqual({ from: 10, to: 12 });
    expect(lostRange(2, reach(5, 9), 12)).toEqual({ from: 3, to: 12 });
    expect(lostRange(2, reach(3, 9, true), undefined)).toEqual({ from: 10, to: null });
    expect(lostRange(4, NOTHING, undefined)).toEqual({ from: 5, to: null });
  });
});
