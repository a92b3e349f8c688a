/** Where the data lives, or why an address of a database is not taken. */
export type DatabaseUrl = { readonly path: string } | { readonly problem: string };

/** Reads `file:./data/l104.db`, `file:/var/lib/l104.db` or `file:///var/lib/l104.db`; the path is taken as it is written. */
export function readDatabaseUrl(url: string): DatabaseUrl {
  if (/^postgres(ql)?:/i.test(url))
    return { problem: 'names a PostgreSQL server, but this version stores in an SQLite file only' };
  const path = /^file:(?:\/\/(?=\/))?(.*)$/is.exec(url)?.[1];
  if (path === undefined) return { problem: 'is not the address of a file' };
  if (path.startsWith('//')) return { problem: 'names a host; use file:/path or file:./path' };
  if (path === '' || path.endsWith('/')) return { problem: 'names no file' };
  if (path.startsWith(':')) return { problem: 'names a database without a file, which would forget everything' };
  if (/[?#\0]/.test(path)) return { problem: 'holds a character that is not taken in the path: ?, # or U+0000' };
  return { path };
}
