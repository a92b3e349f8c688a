import { describe, expect, it } from 'vitest';
import { StoreFault, storeFault } from './store-fault.js';

const coded = (code: string): Error => Object.assign(new Error(`${code}: secret`), { code });

describe('storeFault', () => {
  it.each([
    ['SQLITE_BUSY', 'locked'],
    ['SQLITE_FULL', 'full'],
    ['SQLITE_READONLY', 'readonly'],
    ['SQLITE_NOTADB', 'not_a_database'],
    ['SQLITE_CORRUPT', 'corrupt'],
    ['SQLITE_CANTOPEN', 'missing'],
    ['SQLITE_IOERR', 'disk'],
    ['SQLITE_MISUSE', 'broken'],
    ['ENOTDIR', 'missing'],
    ['EACCES', 'denied'],
    ['EIO', 'disk'],
    ['EBADF', 'broken'],
    ['ECONNREFUSED', 'unreachable'],
    ['08006', 'unreachable'],
    ['CERT_HAS_EXPIRED', 'untrusted'],
    ['28P01', 'refused'],
    ['3D000', 'no_database'],
    ['42501', 'forbidden'],
    ['42P01', 'unprepared'],
    ['25006', 'standby'],
    ['53300', 'crowded'],
    ['53200', 'exhausted'],
    ['53100', 'server_full'],
    ['57P01', 'stopping'],
    ['57014', 'slow'],
    ['55P03', 'slow'],
    ['58030', 'server_error'],
    ['XX001', 'server_damaged'],
  ])('%s means %s', (code, kind) => {
    const fault = storeFault(coded(code));
    expect(fault?.kind).toBe(kind);
    expect(fault?.message).not.toContain('secret');
  });

  it('passes a fault on as it is', () => {
    const fault = new StoreFault('full');
    expect(storeFault(fault)).toBe(fault);
  });

  it.each([
    coded('SQLITE_CONSTRAINT'),
    coded('CONFLICT'),
    coded('23505'),
    coded('22P02'),
    new TypeError('no'),
    undefined,
    'text',
  ])('%s is none', (error) => {
    expect(storeFault(error)).toBeUndefined();
  });
});
