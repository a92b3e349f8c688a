import { type DatabaseAddress } from './database-address.js';
import { readPostgresUrl } from './postgres-url.js';

/**
 * Reads `file:./data/l104.db`, `file:/var/lib/l104.db` or `file:///var/lib/l104.db`, whose path is taken as it is
 * written, and `postgres://user:password@host:5432/database?sslmode=verify-full`; or says why it is not taken.
 */
export function readDatabaseUrl(url: string): DatabaseAddress | { readonly problem: string } {
  if (/^postgres(ql)?:/i.test(url)) return readPostgresUrl(url);
  const path = /^file:(?:\/\/(?=\/))?(.*)$/is.exec(url)?.[1];
  if (path === undefined) return { problem: 'is the address of neither a file nor a PostgreSQL server' };
  if (path.startsWith('//')) return { problem: 'names a host; use file:/path or file:./path' };
  if (path === '' || path.endsWith('/')) return { problem: 'names no file' };
  if (path.startsWith(':')) return { problem: 'names a database without a file, which would forget everything' };
  if (/[?#\0]/.test(path)) return { problem: 'holds a character that is not taken in the path: ?, # or U+0000' };
  return { kind: 'sqlite', path };
}
