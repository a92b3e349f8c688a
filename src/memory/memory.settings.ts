import { bytes, duration, flag, integer } from '../platform/setting-kinds.js';
import { defineSettings, type Setting, SettingProblem, type SettingsOf } from '../platform/settings.js';
import { type DatabaseAddress } from './domain/database-address.js';
import { readDatabaseUrl } from './domain/database-url.js';

const DEFAULT_URL = 'file:./data/l104.db';

/** Where the data lives. */
const database: Setting<DatabaseAddress> = {
  variable: 'DATABASE_URL',
  // The address of a server carries its password.
  secret: true,
  about:
    'Where the memory is kept: a file, made with its directory when it is not there, or a database on a PostgreSQL server (13 or newer), which several nodes may share. A file needs no other program to run. Parameters of a server’s address: `sslmode` (`disable`, `require`, `verify-ca`, `verify-full`), `sslrootcert`, `sslcert`, `sslkey`, `host`.',
  example: DEFAULT_URL,
  kind: 'file:path or postgres://user:password@host:port/database',
  fallback: DEFAULT_URL,
  read: (raw) => {
    const url = readDatabaseUrl(raw ?? DEFAULT_URL);
    if ('problem' in url) throw new SettingProblem(url.problem);
    return url;
  },
};

/** Settings of the memory. */
export const memorySettings = defineSettings('memory', 'Memory', {
  database,
  required: flag({
    variable: 'MEMORY_REQUIRED',
    default: true,
    about:
      'Whether the node is ready only while its memory is usable. Set it to false where calls to models matter and memory does not.',
  }),
  queueLimit: integer({
    variable: 'MEMORY_QUEUE_LIMIT',
    default: 1000,
    min: 1,
    max: 100_000,
    about:
      'Most writes that wait at once; past it new ones get 503. A write takes some milliseconds of disk, so the last of a full queue waits some seconds.',
  }),
  queueBytes: bytes({
    variable: 'MEMORY_QUEUE_BYTES',
    default: '64MiB',
    min: '1MiB',
    max: '4GiB',
    about:
      'Most bytes of writes that wait at once; past it new ones get 503. Bounds the memory that waiting writes take.',
  }),
  groupLimit: integer({
    variable: 'MEMORY_GROUP_LIMIT',
    default: 256,
    min: 1,
    max: 10_000,
    about: 'Most writes that share one transaction, and so one wait for the disk.',
  }),
  groupBytes: bytes({
    variable: 'MEMORY_GROUP_BYTES',
    default: '512KiB',
    min: '4KiB',
    max: '64MiB',
    about:
      'Most bytes of writes that share one transaction; a larger write has one of its own. Keeps the pause that putting a group together makes for other work to some milliseconds.',
  }),
  readQueueLimit: integer({
    variable: 'MEMORY_READ_QUEUE_LIMIT',
    default: 1000,
    min: 1,
    max: 100_000,
    about: 'Most reads that wait at once; past it new ones get 503. A read mostly takes well below a millisecond.',
  }),
  busyTimeoutMs: duration({
    variable: 'MEMORY_BUSY_TIMEOUT_MS',
    unit: 'ms',
    default: '5s',
    min: '0ms',
    max: '1m',
    about: 'How long a write waits while another process, such as a backup, holds the lock of the database file.',
  }),
  statementTimeoutMs: duration({
    variable: 'MEMORY_STATEMENT_TIMEOUT',
    unit: 'ms',
    default: '5s',
    min: '200ms',
    max: '10m',
    about:
      'Longest a write or a read waits for a PostgreSQL server, connecting included; past it the request gets 503. A statement mostly takes some milliseconds; the server is told to give up at three quarters of it.',
  }),
  readConnections: integer({
    variable: 'MEMORY_READ_CONNECTIONS',
    default: 4,
    min: 1,
    max: 100,
    unit: 'connections',
    about:
      'Most connections to a PostgreSQL server for reads; two more serve writes and repair. Each costs the server some megabytes, and it takes 100 in all by default.',
  }),
  lockWaitMs: duration({
    variable: 'MEMORY_LOCK_WAIT',
    unit: 's',
    default: '0s',
    min: '0s',
    max: '3h',
    about:
      'How long a node that starts waits for another one that has the database file and is about to leave; requests to the memory wait with it. `npm run start:supervised` sets it for a process that replaces another; else nobody is about to leave.',
  }),
  reopenIntervalMs: duration({
    variable: 'MEMORY_REOPEN_INTERVAL',
    unit: 's',
    default: '5s',
    min: '50ms',
    max: '10m',
    about: 'Time between attempts to open a store that is not usable. An attempt costs one small write.',
  }),
  keyLimit: integer({
    variable: 'MEMORY_KEY_LIMIT',
    default: 255,
    min: 1,
    max: 600,
    unit: 'characters',
    about:
      'Longest key. Keys are kept in an index and travel in addresses, so they stay short; an index of PostgreSQL takes 2,700 bytes.',
  }),
  valueLimit: integer({
    variable: 'MEMORY_VALUE_LIMIT',
    default: 100_000,
    min: 1,
    max: 10_000_000,
    unit: 'characters',
    about:
      'Longest value; the longest message of `/api/v6/stream` fits. Escaped JSON takes up to 12 bytes for a character.',
  }),
  pageSize: integer({
    variable: 'MEMORY_PAGE_SIZE',
    default: 100,
    min: 1,
    max: 1000,
    unit: 'items',
    about: 'Items on a page of `GET /memory` when the request gives no limit.',
  }),
  pageLimit: integer({
    variable: 'MEMORY_PAGE_LIMIT',
    default: 1000,
    min: 1,
    max: 10_000,
    unit: 'items',
    about: 'Most items a request may ask for on one page.',
  }),
  pageBytes: bytes({
    variable: 'MEMORY_PAGE_BYTES',
    default: '8MiB',
    min: '64KiB',
    max: '256MiB',
    about:
      'Most bytes of values on one page; a page of large values ends early and says where the next begins. Bounds the memory one listing takes.',
  }),
  scanLimit: integer({
    variable: 'MEMORY_SCAN_LIMIT',
    default: 20_000,
    min: 100,
    max: 10_000_000,
    unit: 'items',
    about:
      'Most items looked at in one go for a page of `GET /memory` with a prefix, some hundredths of a second; where a page takes more, other reads come in between.',
  }),
  sessionTurns: integer({
    variable: 'MEMORY_SESSION_TURNS',
    default: 200,
    min: 1,
    max: 10_000,
    unit: 'turns',
    about: 'Turns kept of one conversation; the oldest go first. Far more than a model is sent.',
  }),
  sessionBytes: bytes({
    variable: 'MEMORY_SESSION_BYTES',
    default: '4MiB',
    min: '16KiB',
    max: '256MiB',
    about:
      'Bytes kept of one conversation; the oldest turns go first, the newest always stays. About the text of a million tokens.',
  }),
  stateIntervalMs: duration({
    variable: 'STATE_SAVE_INTERVAL',
    unit: 's',
    default: '2s',
    min: '100ms',
    max: '10m',
    about:
      'How often what the node has learnt (circuits, resting keys) is stored where it has changed; a crash loses no more than that. A save costs one write.',
  }),
  stateWaitMs: duration({
    variable: 'STATE_WAIT_LIMIT',
    unit: 's',
    default: '2s',
    min: '0ms',
    max: '1m',
    about:
      'Longest the start waits for what the node had learnt before, and the shutdown for the last save. A healthy store takes some hundredths of a second; past the limit the node starts without.',
  }),
});

/** Validated settings of the memory. */
export type MemorySettings = SettingsOf<typeof memorySettings>;
