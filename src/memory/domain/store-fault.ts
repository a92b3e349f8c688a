import { serverFaultKind } from './server-fault.js';

/** What keeps the store from working. */
export type FaultKind = keyof typeof TEXT_OF_KIND;

const TEXT_OF_KIND = {
  locked: 'another process holds the lock of the database file',
  held: 'another node uses the database file',
  full: 'the disk of the database file is full',
  readonly: 'the database file, or the file system it is on, is read-only',
  not_a_database: 'the database file is not an SQLite database; it was left as it is',
  corrupt: 'the database file is damaged',
  foreign: 'the database file is of another store, and what lies beside it is not of that one',
  lost: 'files of the store were removed, replaced or cut while they were open',
  missing: 'the database file or its directory cannot be opened',
  denied: 'the node may not read or write the database file or its directory',
  disk: 'the disk of the database file reports errors',
  no_wal: 'the file system of the database file takes no write-ahead log',
  broken: 'the database connection is broken',
  unreachable: 'the database server does not answer',
  untrusted: 'the database server shows no certificate that the node trusts',
  refused: 'the database server refuses the user or the password of the node',
  no_database: 'the database server has no database of this name',
  forbidden: 'the database server does not let the user of the node work with the tables of the store',
  unprepared: 'the tables of the store are missing or not as this version needs them',
  no_utf8: 'the database does not keep its texts in UTF-8',
  standby: 'the database server takes no writes, as a standby does',
  crowded: 'the database server takes no more connections',
  exhausted: 'the database server is short of memory or another resource',
  server_full: 'the disk of the database server is full',
  server_error: 'the database server reports an error of its own',
  server_damaged: 'the database server reports damaged data',
  stopping: 'the database server is stopping or starting',
  slow: 'the database server took too long for a statement or a lock',
  unknown:
    'the connection to the database server broke while a write was made durable, and whether it was kept is not known',
};

const KIND_OF_CODE: Record<string, FaultKind> = {
  SQLITE_BUSY: 'locked',
  SQLITE_LOCKED: 'locked',
  SQLITE_FULL: 'full',
  ENOSPC: 'full',
  EDQUOT: 'full',
  SQLITE_IOERR: 'disk',
  EIO: 'disk',
  SQLITE_READONLY: 'readonly',
  EROFS: 'readonly',
  SQLITE_NOTADB: 'not_a_database',
  SQLITE_CORRUPT: 'corrupt',
  SQLITE_CANTOPEN: 'missing',
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EEXIST: 'missing',
  EACCES: 'denied',
  EPERM: 'denied',
  SQLITE_PERM: 'denied',
  SQLITE_AUTH: 'denied',
};

/** The statement was wrong, not the store: SQLite says so with these codes. */
const STATEMENT_CODES = new Set(['SQLITE_CONSTRAINT', 'SQLITE_MISMATCH', 'SQLITE_RANGE', 'SQLITE_TOOBIG']);

/** A failure of the store itself; `message` is fit for clients: no path, no content. */
export class StoreFault extends Error {
  constructor(
    readonly kind: FaultKind,
    cause?: unknown,
    /** What else is known, as words that go in brackets. */
    detail?: string,
  ) {
    super(TEXT_OF_KIND[kind] + (detail === undefined ? '' : ` (${detail})`), { cause });
  }
}

/** What an error says of the store; undefined when it says nothing of it. */
export function storeFault(error: unknown): StoreFault | undefined {
  if (error instanceof StoreFault) return error;
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  // The driver's own words for a connection that was closed or whose native part is not there.
  if (name === 'ConnectionIsNotSetError' || name === 'DriverPackageNotInstalledError')
    return new StoreFault('broken', error);
  if (typeof code !== 'string' || STATEMENT_CODES.has(code)) return undefined;
  const kind =
    KIND_OF_CODE[code] ?? serverFaultKind(code) ?? (/^(SQLITE_|E[A-Z0-9]+$)/.test(code) ? 'broken' : undefined);
  return kind === undefined ? undefined : new StoreFault(kind, error);
}

/** Whether opening the store anew, with a repair where it needs one, is what helps. */
export function callsForRepair({ kind }: StoreFault): boolean {
  return kind === 'corrupt' || kind === 'not_a_database' || kind === 'lost';
}
