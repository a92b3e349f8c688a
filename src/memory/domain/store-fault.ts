/** What keeps the store from working. */
export type FaultKind =
  | 'locked'
  | 'held'
  | 'full'
  | 'readonly'
  | 'not_a_database'
  | 'corrupt'
  | 'lost'
  | 'missing'
  | 'denied'
  | 'disk'
  | 'no_wal'
  | 'broken';

const TEXT_OF_KIND: Record<FaultKind, string> = {
  locked: 'another process holds the lock of the database file',
  held: 'another node uses the database file',
  full: 'the disk of the database file is full',
  readonly: 'the database file, or the file system it is on, is read-only',
  not_a_database: 'the database file is not an SQLite database; it was left as it is',
  corrupt: 'the database file is damaged',
  lost: 'files of the store were removed, replaced or cut while they were open',
  missing: 'the database file or its directory cannot be opened',
  denied: 'the node may not read or write the database file or its directory',
  disk: 'the disk of the database file reports errors',
  no_wal: 'the file system of the database file takes no write-ahead log',
  broken: 'the database connection is broken',
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
  const kind = KIND_OF_CODE[code] ?? (/^(SQLITE_|E[A-Z0-9]+$)/.test(code) ? 'broken' : undefined);
  return kind === undefined ? undefined : new StoreFault(kind, error);
}

/** Whether opening the store anew, with a repair where it needs one, is what helps. */
export function callsForRepair({ kind }: StoreFault): boolean {
  return kind === 'corrupt' || kind === 'not_a_database' || kind === 'lost';
}
