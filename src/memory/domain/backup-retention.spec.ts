import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BackupName, backupName, backupsToGo, newestFirst, readBackupName } from './backup-retention.js';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const backup = (hoursAgo: number, sequence: number): BackupName => {
  const name = backupName(NOW - hoursAgo * HOUR, sequence);
  return readBackupName(name)!;
};

describe('names of backups', () => {
  it('tell time and sequence, and sort by time', () => {
    expect(backupName(NOW + 678, 42)).toBe('20260102T030405Z-0000000000000042.db');
    expect(readBackupName('20260102T030405Z-0000000000000042.db')).toEqual({
      name: '20260102T030405Z-0000000000000042.db',
      at: NOW,
      sequence: 42,
    });
  });

  it('are not seen in other names', () => {
    for (const name of ['x.db', '20260102T030405Z-0000000000000042.db.bad', '20269902T030405Z-0000000000000042.db'])
      expect(readBackupName(name)).toBeUndefined();
  });
});

describe('retention', () => {
  it('keeps the newest by count and age', () => {
    const all = [backup(1, 50), backup(5, 40), backup(9, 30), backup(30, 20)];
    expect(backupsToGo(all, { count: 3, ageMs: 100 * HOUR }, NOW)).toEqual([all[3]]);
    expect(backupsToGo(all, { count: 9, ageMs: 6 * HOUR }, NOW)).toEqual([all[2], all[3]]);
  });

  it('takes the one that knows most for the newest, also when the clock stepped back', () => {
    expect(newestFirst([backup(1, 40), backup(2, 50)]).map(({ sequence }) => sequence)).toEqual([50, 40]);
  });

  it('never lets all go, and lets none go twice', () => {
    const some = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 9 }), fc.nat(1000), (made, count, age) => {
        const all = made.map(([hours, sequence]) => backup(hours, sequence));
        const gone = new Set(backupsToGo(all, { count, ageMs: age * HOUR }, NOW));
        const left = all.filter((one) => !gone.has(one));
        expect(left.length).toBeGreaterThan(0);
        expect(left.length).toBeLessThanOrEqual(count);
        expect(left).toContain(newestFirst(all)[0]);
      }),
    );
  });
});
