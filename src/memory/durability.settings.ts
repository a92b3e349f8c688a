import { bytes, duration, integer } from '../platform/setting-kinds.js';
import { defineSettings, type SettingsOf } from '../platform/settings.js';

/** Settings of what keeps the data of an SQLite file safe, and of its upkeep. */
export const durabilitySettings = defineSettings('durability', 'Durability of the SQLite file', {
  redoBytes: bytes({
    variable: 'MEMORY_REDO_BYTES',
    default: '64MiB',
    min: '256KiB',
    max: '16GiB',
    about:
      'Size of the redo journal that is kept; a backup is made each time half of it has come together, or half the size of a database that is larger. More means fewer backups, and more to do again in a repair.',
  }),
  backupIntervalMs: duration({
    variable: 'MEMORY_BACKUP_INTERVAL',
    unit: 's',
    default: '6h',
    min: '1s',
    max: '30d',
    about:
      'Time between backups while there is something new. With the redo journal none of them is needed to lose nothing; they bound how long a repair takes.',
  }),
  backupCount: integer({
    variable: 'MEMORY_BACKUP_COUNT',
    default: 4,
    min: 1,
    max: 1000,
    about: 'Backups kept; each is as large as the data. More than one, for the case that one has gone bad.',
  }),
  backupAgeMs: duration({
    variable: 'MEMORY_BACKUP_AGE',
    unit: 's',
    default: '7d',
    min: '1m',
    max: '3650d',
    about: 'Older backups are removed; the newest stays whatever its age.',
  }),
  checkIntervalMs: duration({
    variable: 'MEMORY_CHECK_INTERVAL',
    unit: 's',
    default: '15m',
    min: '1s',
    max: '30d',
    about:
      'Time between checks of the file as it is on the disk, which the open connections do not see. Reads the whole file: about 1 s per GB of a fast disk.',
  }),
  thoroughEvery: integer({
    variable: 'MEMORY_CHECK_THOROUGH_EVERY',
    default: 24,
    min: 1,
    max: 10_000,
    about:
      'One check in so many also compares indexes with tables and each row with its checksum, and looks at the newest backup. Takes some twenty times as long.',
  }),
  checkAtStartBytes: bytes({
    variable: 'MEMORY_CHECK_AT_START_BYTES',
    default: '128MiB',
    min: '0B',
    max: '1TiB',
    about:
      'A file up to this size is checked before it is used at start, which takes some tenths of a second; a larger one soon after.',
  }),
  watchIntervalMs: duration({
    variable: 'MEMORY_WATCH_INTERVAL',
    unit: 'ms',
    default: '1s',
    min: '50ms',
    max: '1m',
    about:
      'How often the names of the open files are looked at while nothing is written; beside each write they are looked at anyway. What is deleted can be written anew only while it is open.',
  }),
  logBytes: bytes({
    variable: 'MEMORY_LOG_BYTES',
    default: '4MiB',
    min: '64KiB',
    max: '1GiB',
    about:
      'Size of the write-ahead log past which it is moved into the file, beside the writes. A long log makes reads slower.',
  }),
  logLimitBytes: bytes({
    variable: 'MEMORY_LOG_LIMIT_BYTES',
    default: '64MiB',
    min: '128KiB',
    max: '16GiB',
    about:
      'Size of the write-ahead log past which writes wait a moment for it to be emptied: under a load without a pause it would grow for ever.',
  }),
  vacuumPages: integer({
    variable: 'MEMORY_VACUUM_PAGES',
    default: 256,
    min: 1,
    max: 100_000,
    unit: 'pages',
    about:
      'Unused pages given back to the file system in one step, while as many more are left for what comes; writes wait for a step.',
  }),
  diskMinimum: bytes({
    variable: 'MEMORY_DISK_MINIMUM',
    default: '100MiB',
    min: '1MiB',
    max: '16384GiB',
    about:
      'Free space on the disk of the file below which the node says that it is almost full: a backup, as large as the data, and the redo journal must fit.',
  }),
  salvageMs: duration({
    variable: 'MEMORY_SALVAGE_LIMIT',
    unit: 's',
    default: '1m',
    min: '1s',
    max: '1d',
    about:
      'Longest that rows are looked for in a damaged file, where backup and redo journal together are not everything.',
  }),
});

/** Validated settings of durability. */
export type DurabilitySettings = SettingsOf<typeof durabilitySettings>;
