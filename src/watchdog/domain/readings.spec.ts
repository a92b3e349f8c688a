import { describe, expect, it } from 'vitest';
import { descriptorLimit } from './descriptor-limit.js';
import { loopbackOf } from './loopback.js';
import { oldGeneration } from './old-generation.js';

it('the old generation has what the limit of the heap leaves beside young objects', () => {
  const MIB = 1024 ** 2;
  const spaces = [
    { name: 'new_space', used: 20 * MIB },
    { name: 'old_space', used: 100 * MIB },
    { name: 'large_object_space', used: 30 * MIB },
  ];
  expect(oldGeneration({ limit: 304 * MIB, spaces })).toEqual({ used: 130 * MIB, limit: 256 * MIB });
  expect(oldGeneration({ limit: 60 * MIB, spaces }).limit).toBe(30 * MIB);
});

describe('the limit on open files', () => {
  it('is the soft one', () => {
    const limits =
      'Limit   Soft Limit   Hard Limit   Units\nMax processes  7  7  processes\nMax open files            1024                 524288               files     \n';
    expect(descriptorLimit(limits)).toBe(1024);
  });

  it('is unknown where there is none', () => {
    expect(descriptorLimit('Max open files   unlimited   unlimited   files\n')).toBeUndefined();
    expect(descriptorLimit('')).toBeUndefined();
  });
});

it.each([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '127.0.0.1'],
  ['::1', '::1'],
  ['127.0.0.1', '127.0.0.1'],
  ['10.0.0.5', '10.0.0.5'],
])('a server on %s is reached at %s', (address, host) => {
  expect(loopbackOf({ address, port: 8081 })).toEqual({ host, port: 8081 });
});
