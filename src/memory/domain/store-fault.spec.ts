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
  ])('%s means %s', (code, kind) => {
    const fault = storeFault(coded(code));
    expect(fault?.kind).toBe(kind);
    expect(fault?.message).not.toContain('secret');
  });

  it('passes a fault on as it is', () => {
    const fault = new StoreFault('full');
    expect(storeFault(fault)).toBe(fault);
  });

  it.each([coded('SQLITE_CONSTRAINT'), coded('CONFLICT'), new TypeError('no'), undefined, 'text'])(
    '%s is none',
    (error) => {
      expect(storeFault(error)).toBeUndefined();
    },
  );
});
