import { describe, expect, it } from 'vitest';
import { type BackupFacts, backupDue, isCovered } from './backup-plan.js';

const rules = { intervalMs: 1000, redoBytes: 100 };
const facts: BackupFacts = {
  now: 10_500,
  mark: { sequence: 9, revision: 90 },
  reach: { last: 9, unbrokenFrom: 3, damagedEnd: false },
  newest: { name: 'x', at: 10_000, sequence: 4 },
  databaseBytes: 50,
  redoBytes: 60,
};
const due = (change: Partial<BackupFacts>): boolean => backupDue({ ...facts, ...change }, rules);

describe('a backup is due', () => {
  it('when there is none, of anything that is stored', () => {
    expect(due({ newest: undefined })).toBe(true);
    expect(due({ newest: undefined, mark: { sequence: 0, revision: 0 } })).toBe(false);
  });

  it('when time or the size of the journal asks for it, and something is new', () => {
    expect(due({})).toBe(false);
    expect(due({ now: 11_000 })).toBe(true);
    expect(due({ now: 5_000 })).toBe(true);
    expect(due({ now: 99_000, newest: { name: 'x', at: 10_000, sequence: 9 } })).toBe(false);
    expect(due({ redoBytes: 101 })).toBe(true);
    expect(due({ redoBytes: 101, databaseBytes: 400 })).toBe(false);
  });

  it('when the newest and the journal do not join', () => {
    expect(due({ reach: { last: 9, unbrokenFrom: 6, damagedEnd: false } })).toBe(true);
    expect(due({ reach: { last: 0, unbrokenFrom: 0, damagedEnd: false } })).toBe(true);
  });

  it('and urgent where a loss of the file now would lose something', () => {
    expect(isCovered(facts)).toBe(true);
    expect(isCovered({ ...facts, reach: { last: 9, unbrokenFrom: 6, damagedEnd: false } })).toBe(false);
    expect(isCovered({ ...facts, newest: undefined })).toBe(false);
    expect(isCovered({ ...facts, newest: undefined, reach: { last: 9, unbrokenFrom: 1, damagedEnd: false } })).toBe(
      true,
    );
    expect(isCovered({ ...facts, newest: undefined, mark: { sequence: 0, revision: 0 } })).toBe(true);
  });
});
