import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryAddress } from './memory-address.js';

const key = (target: string): unknown => {
  const address = memoryAddress(target);
  return address.about === 'item' ? address.key : address.about;
};

describe('memoryAddress', () => {
  it.each([
    ['/memory/a', 'a'],
    ['/memory/a/', 'a/'],
    ['/memory//', '/'],
    ['/memory/%2F', '/'],
    ['/memory/%252F', '%2F'],
    ['/memory/a/b%2Fc', 'a/b/c'],
    ['/memory/..', '..'],
    ['/memory/%2e%2E', '..'],
    ['/memory/a+b%20c', 'a+b c'],
    ['/memory/%F0%9F%98%80?limit=3', '😀'],
    ['/memory/\xc3\xa9', 'é'],
    ['/Memory/x?y#z', 'x'],
    ['http://host:1/memory/x', 'x'],
    ['/memory/sessions', 'sessions'],
    ['/memory/sessions%2Fx', 'sessions/x'],
    ['/memory/%73essions/x', 'sessions/x'],
    ['/memory/a%0Ab', 'a\nb'],
    ['/memory?item=..', '..'],
    ['/memory/?prefix=a&item=a+b%2B%2F', 'a b+/'],
    ['/memory', 'all'],
    ['/memory/', 'all'],
    ['/memory?key=item', 'all'],
    ['/memory/%FF', 'nothing'],
    ['/memory/%E0%A4%A', 'nothing'],
    ['/memory/a%', 'nothing'],
    ['/memory/%ED%A0%80', 'nothing'],
    ['/memory?item=%FF', 'nothing'],
  ])('reads %j', (target, expected) => {
    expect(key(target)).toBe(expected);
  });

  it('reads the parameters of the list', () => {
    expect(memoryAddress('/memory?limit=5&prefix=caf\xc3\xa9+%2B&key=%FF&prefix=no&cursor')).toEqual({
      about: 'all',
      parameters: { limit: '5', prefix: 'café +', cursor: '' },
    });
    expect(memoryAddress('/memory?prefix=%FF')).toMatchObject({ about: 'nothing' });
  });

  it('keeps sessions apart from keys', () => {
    expect(memoryAddress('/memory/sessions/a.b-c_1')).toEqual({ about: 'session', id: 'a.b-c_1' });
    expect(memoryAddress('/memory/sessions/a%2Db')).toEqual({ about: 'session', id: 'a-b' });
    for (const bad of ['/', 'a/b', 'a%20b', '%FF', 'x'.repeat(129)]) {
      expect(memoryAddress(`/memory/sessions/${bad}`)).toMatchObject({ about: 'nothing' });
    }
  });

  it('reads the list of sessions, and leaves the key of that spelling its address', () => {
    expect(memoryAddress('/memory/sessions/?limit=5&cursor=x')).toEqual({
      about: 'sessions',
      parameters: { limit: '5', cursor: 'x' },
    });
    expect(memoryAddress('/memory/sessions?limit=5')).toEqual({
      about: 'item',
      key: 'sessions',
      orSessions: { limit: '5' },
    });
    for (const other of ['/memory/%73essions', '/memory?item=sessions', '/memory/sessions%2F']) {
      expect(memoryAddress(other)).not.toHaveProperty('orSessions');
    }
    expect(memoryAddress('/memory/sessions?cursor=%FF')).toMatchObject({ about: 'nothing' });
  });

  it('gives back every key that was percent-encoded, in the path and in the query', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }), (text) => {
        expect(key(`/memory/${encodeURIComponent(text)}`)).toBe(text);
        expect(key(`/memory?${new URLSearchParams({ item: text }).toString()}`)).toBe(text);
      }),
    );
  });
});
