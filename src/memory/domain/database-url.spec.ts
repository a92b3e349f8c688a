import { describe, expect, it } from 'vitest';
import { readDatabaseUrl } from './database-url.js';

describe('readDatabaseUrl', () => {
  it.each([
    ['file:./data/l104.db', './data/l104.db'],
    ['file:data/l104.db', 'data/l104.db'],
    ['file:/var/lib/l104.db', '/var/lib/l104.db'],
    ['file:///var/lib/l104.db', '/var/lib/l104.db'],
    ['FILE:a b.db', 'a b.db'],
  ])('%s is the file %s', (url, path) => {
    expect(readDatabaseUrl(url)).toEqual({ path });
  });

  it.each([
    ['postgres://user:secret@host/db', 'SQLite file only'],
    ['postgresql://host/db', 'SQLite file only'],
    ['sqlite:a.db', 'not the address of a file'],
    ['./a.db', 'not the address of a file'],
    ['file:', 'names no file'],
    ['file:./data/', 'names no file'],
    ['file://host/a.db', 'names a host'],
    ['file::memory:', 'forget'],
    ['file:a.db?mode=ro', 'not taken'],
  ])('%s is refused', (url, problem) => {
    expect(readDatabaseUrl(url)).toEqual({ problem: expect.stringContaining(problem) as unknown });
  });
});
