import { describe, expect, it } from 'vitest';
import { JournalRing } from './journal-ring.js';

const entry = (id: string, kind: 'heal_run' | 'admin_action' = 'heal_run') => ({ id, kind, body: { id } });

describe('JournalRing', () => {
  it('numbers entries by the wall clock, and goes on growing when that stands or steps back', () => {
    const ring = new JournalRing(10);
    expect(ring.append(5000, entry('a')).number).toBe(5000);
    expect(ring.append(5000, entry('b')).number).toBe(5001);
    expect(ring.append(1000, entry('c')).number).toBe(5002);
    expect(ring.append(9000.7, entry('d')).number).toBe(9000);
  });

  it('keeps the latest and tells when something is missing', () => {
    const ring = new JournalRing(3);
    for (let index = 1; index <= 5; index++) ring.append(index, entry(`e${index}`));
    expect(ring.since(2)).toEqual({
      gap: false,
      entries: [3, 4, 5].map((number) => expect.objectContaining({ number }) as unknown),
    });
    expect(ring.since(1).gap).toBe(true);
    expect(ring.since(5)).toEqual({ gap: false, entries: [] });
  });

  it('pages backward by kind', () => {
    const ring = new JournalRing(10);
    for (let index = 1; index <= 6; index++)
      ring.append(index, entry(`e${index}`, index % 2 === 0 ? 'heal_run' : 'admin_action'));
    expect(ring.page(['heal_run'], undefined, 2).map(({ id }) => id)).toEqual(['e6', 'e4']);
    expect(ring.page(['heal_run'], { number: 4, id: 'e4' }, 2).map(({ id }) => id)).toEqual(['e2']);
    expect(ring.page([], { number: 3, id: 'e3' }, 9).map(({ id }) => id)).toEqual(['e2', 'e1']);
  });

  it('takes in earlier entries once, below and above its own', () => {
    const ring = new JournalRing(10);
    ring.append(50, entry('mine'));
    ring.load([
      { ...entry('old'), number: 10 },
      { ...entry('mine'), number: 50 },
      { ...entry('ahead'), number: 90 },
    ]);
    expect(ring.since(0).entries.map(({ id }) => id)).toEqual(['old', 'mine', 'ahead']);
    expect(ring.append(60, entry('next')).number).toBe(91);
  });

  it('passes over none of those that share a number', () => {
    const ring = new JournalRing(10);
    ring.load(['b', 'a', 'c'].map((id) => ({ ...entry(id), number: 7 })));
    const [first] = ring.page([], undefined, 1);
    expect(first?.id).toBe('c');
    expect(ring.page([], first, 9).map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('says that something is missing while it knows nothing of earlier lives, and where they are too long', () => {
    const ring = new JournalRing(10);
    expect(ring.since(3).gap).toBe(true);
    ring.append(5, entry('mine'));
    expect(ring.since(3).gap).toBe(true);
    expect(ring.since(5)).toEqual({ gap: false, entries: [] });
    const old = [3, 2].map((number) => ({ ...entry(`e${number}`), number }));
    ring.load(old, false);
    expect([1, 2, 3].map((number) => ring.since(number).gap)).toEqual([true, false, false]);
    const all = new JournalRing(10);
    all.load(old);
    expect(all.since(0)).toMatchObject({ gap: false, entries: [{ id: 'e2' }, { id: 'e3' }] });
    expect(all.first).toBe(2);
    expect(all.find('e3')).toMatchObject({ number: 3 });
  });

  it('amends a body in its place', () => {
    const ring = new JournalRing(10);
    ring.append(1, entry('a'));
    expect(ring.amend('a', (body) => ({ ...body, verdict: 'cured' }))?.body).toEqual({ id: 'a', verdict: 'cured' });
    expect(ring.since(0).entries[0]?.body).toEqual({ id: 'a', verdict: 'cured' });
    expect(ring.amend('b', (body) => body)).toBeUndefined();
  });
});
