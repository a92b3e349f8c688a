import { describe, expect, it } from 'vitest';
import { KeptTexts } from './kept-texts.js';

/** A part that keeps whatever it is given. */
function part(name: string, value: unknown = {}) {
  return {
    name,
    value,
    save(): unknown {
      return this.value;
    },
    restore(stored: unknown): void {
      this.value = stored;
    },
  };
}

function textsOf(...parts: (ReturnType<typeof part> & object)[]) {
  const troubles: string[] = [];
  const texts = new KeptTexts(parts, 100, (name, trouble) => troubles.push(`${name}: ${trouble ?? 'well'}`));
  return { texts, troubles };
}

const stored = (values: Record<string, string>): Map<string, string> => new Map(Object.entries(values));

describe('changed', () => {
  it('names what is not stored like this, until it is', () => {
    const [a, b] = [part('a', 1), part('b', 2)];
    const { texts } = textsOf(a, b);
    expect(texts.changed()).toEqual(stored({ a: '1', b: '2' }));
    texts.stored(stored({ a: '1' }));
    expect(texts.changed()).toEqual(stored({ b: '2' }));
    texts.stored(stored({ b: '2' }));
    expect(texts.changed().size).toBe(0);
    a.value = [1];
    expect(texts.changed()).toEqual(stored({ a: '[1]' }));
  });

  it('leaves out a part that throws or has too much, and tells it once each time it begins and ends', () => {
    const [a, b, c] = [part('a', 1n), part('b', 'é'.repeat(50)), part('c', 3)];
    const { texts, troubles } = textsOf(a, b, c);
    for (let i = 0; i < 3; i++) expect([...texts.changed().keys()]).toEqual(['c']);
    expect(troubles).toEqual(['a: save_failed', 'b: too_large']);
    a.value = b.value = 'é'.repeat(49);
    expect([...texts.changed().keys()]).toEqual(['a', 'b', 'c']);
    a.value = 1n;
    expect([...texts.changed().keys()]).toEqual(['b', 'c']);
    expect(troubles.slice(2)).toEqual(['a: well', 'b: well', 'a: save_failed']);
  });

  it('stores nothing of a part that says nothing', () => {
    const { texts, troubles } = textsOf(part('a', () => 1));
    expect(texts.changed().size).toBe(0);
    expect(texts.restore(new Map())).toEqual([]);
    expect(troubles).toEqual([]);
  });
});

describe('restore', () => {
  it('gives back what is stored; that and the absence of anything are no change', () => {
    const [a, b] = [part('a'), part('b')];
    const { texts } = textsOf(a, b);
    expect(texts.names).toEqual(['a', 'b']);
    expect(texts.restore(stored({ a: '{"n":1}', stranger: '2' }))).toEqual(['a']);
    expect(a.value).toEqual({ n: 1 });
    expect(texts.changed().size).toBe(0);
    b.value = 1;
    expect([...texts.changed().keys()]).toEqual(['b']);
  });

  it('goes on past what is damaged and past a part that throws; both are stored anew', () => {
    const [a, b, c] = [part('a'), part('b'), part('c')];
    b.restore = () => {
      throw new Error('no');
    };
    const { texts, troubles } = textsOf(a, b, c);
    expect(texts.restore(stored({ a: '{"n":', b: '1', c: '1' }))).toEqual(['c']);
    expect(troubles).toEqual(['a: unreadable', 'b: restore_failed']);
    expect(texts.changed()).toEqual(stored({ a: '{}', b: '{}' }));
  });
});
