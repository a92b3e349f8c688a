import { describe, expect, it } from 'vitest';
import { isForeign, ownStore } from './store-identity.js';

const trace = (store: string, enough = true): { store: string; enough: boolean } => ({ store, enough });

describe('the store a directory is of', () => {
  it('is that of the file where it is alone, or parts of it lie beside it', () => {
    expect(ownStore('a', [])).toBe('a');
    expect(ownStore('a', [trace('a', false)])).toBe('a');
    expect(ownStore('a', [trace('b'), trace('a', false)])).toBe('a');
  });

  it('is that of what lies beside it where the file is of another, or there is none', () => {
    expect(ownStore('a', [trace('b')])).toBe('b');
    expect(ownStore('a', [trace('c', false), trace('b')])).toBe('b');
    expect(ownStore(undefined, [trace('b')])).toBe('b');
    expect(ownStore(undefined, [trace('b', false)])).toBe('b');
  });

  it('is that of the file where what lies beside it is not enough for a whole store', () => {
    expect(ownStore('a', [trace('b', false)])).toBe('a');
  });

  it('is not known where nothing has an id', () => {
    expect(ownStore(undefined, [])).toBeUndefined();
  });
});

describe('what is of another store', () => {
  it('is only what says so', () => {
    expect(isForeign('a', 'b')).toBe(true);
    expect(isForeign('a', 'a')).toBe(false);
    expect(isForeign(undefined, 'b')).toBe(false);
    expect(isForeign('a', undefined)).toBe(false);
  });
});
