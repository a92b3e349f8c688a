import { describe, expect, it } from 'vitest';
import { shownAddress } from './database-address.js';
import { readDatabaseUrl } from './database-url.js';

describe('readDatabaseUrl', () => {
  it.each([
    ['file:./data/l104.db', './data/l104.db'],
    ['file:data/l104.db', 'data/l104.db'],
    ['file:/var/lib/l104.db', '/var/lib/l104.db'],
    ['file:///var/lib/l104.db', '/var/lib/l104.db'],
    ['FILE:a b.db', 'a b.db'],
  ])('%s is the file %s', (url, path) => {
    expect(readDatabaseUrl(url)).toEqual({ kind: 'sqlite', path });
  });

  it.each([
    ['postgres://host/db', { host: 'host', port: 5432, database: 'db', tls: 'disable' }],
    [
      'postgresql://us%40er:p%2F%C3%A9@[::1]:6000/d%20b',
      { user: 'us@er', password: 'p/é', host: '::1', port: 6000, database: 'd b' },
    ],
    ['postgres:///db', { host: 'localhost' }],
    ['postgres:///db?host=/var/run/postgresql', { host: '/var/run/postgresql' }],
    ['postgres://h/db?sslmode=require', { tls: 'require' }],
    ['postgres://h/db?sslmode=require&sslrootcert=/ca.pem', { tls: 'verify-ca', rootCertificate: '/ca.pem' }],
    ['postgres://h/db?sslrootcert=/ca.pem', { tls: 'verify-full' }],
    ['POSTGRES://h/db?sslcert=a&sslkey=b', { certificate: 'a', certificateKey: 'b' }],
  ])('%s is a server', (url, parts) => {
    expect(readDatabaseUrl(url)).toMatchObject({ kind: 'postgres', ...parts });
  });

  it.each([
    ['postgres://user:secret@host', 'names no database'],
    ['postgres://user:sec#ret@host/db', 'no address'],
    ['postgres://user:%zz@host/db', 'percent-encoded'],
    ['postgres://a,b/db', 'more than one server'],
    ['postgres://host/db?sslmode=prefer', 'in the clear'],
    ['postgres://host/db?sslmode=on', 'none of'],
    ['postgres://host/db?pool=3', 'parameter pool'],
    ['sqlite:a.db', 'neither a file nor'],
    ['./a.db', 'neither a file nor'],
    ['file:', 'names no file'],
    ['file:./data/', 'names no file'],
    ['file://host/a.db', 'names a host'],
    ['file::memory:', 'forget'],
    ['file:a.db?mode=ro', 'not taken'],
  ])('%s is refused', (url, problem) => {
    const read = readDatabaseUrl(url);
    expect(read).toEqual({ problem: expect.stringContaining(problem) as unknown });
    expect(JSON.stringify(read)).not.toContain('sec');
  });
});

describe('shownAddress', () => {
  it.each([
    ['file:./data/l104.db', 'l104.db'],
    ['file:l104.db', 'l104.db'],
    ['postgres://user:secret@host:1/db', 'host/db'],
  ])('shows of %s only %s', (url, shown) => {
    const address = readDatabaseUrl(url);
    expect('problem' in address ? undefined : shownAddress(address)).toBe(shown);
  });
});
