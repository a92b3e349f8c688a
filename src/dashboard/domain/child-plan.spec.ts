import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planChildren } from './child-plan.js';

const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 12 });

it('makes each child of one with its key, of each only one, and of as many as can be', () => {
  fc.assert(
    fc.property(keys, keys, (there, wanted) => {
      const { from } = planChildren(there, wanted);
      const used = from.filter((place) => place !== undefined);
      expect(new Set(used).size).toBe(used.length);
      from.forEach((place, n) => {
        if (place === undefined) return;
        expect(there[place]).toBe(wanted[n]);
      });
      for (const key of new Set(wanted)) {
        const count = (list: readonly string[]): number => list.filter((one) => one === key).length;
        const made = wanted.filter((one, n) => one === key && from[n] !== undefined).length;
        expect(made).toBe(Math.min(count(there), count(wanted)));
      }
    }),
  );
});

it('never moves the one that is kept, if it is wanted', () => {
  fc.assert(
    fc.property(keys, keys, fc.nat({ max: 11 }), (there, wanted, kept) => {
      const { from, stay } = planChildren(there, wanted, kept);
      const place = from.indexOf(kept);
      if (place >= 0) expect(stay).toContain(place);
      const staying = from.filter((_, n) => stay.has(n)).map((at) => at ?? Number.NaN);
      expect(staying).toEqual([...staying].sort((a, b) => a - b));
    }),
  );
});

it('leaves those in place that stand in order, and moves one where moving one is enough', () => {
  fc.assert(
    fc.property(keys, keys, (there, wanted) => {
      const { from, stay } = planChildren(there, wanted);
      const staying = from.filter((_, n) => stay.has(n)).map((place) => place ?? Number.NaN);
      expect(staying).toEqual([...staying].sort((a, b) => a - b));
    }),
  );
  expect(planChildren(['a', 'b', 'c', 'd'], ['d', 'a', 'b', 'c'], 3).stay).toEqual(new Set([0]));
  expect(planChildren(['a', 'b', 'c', 'd'], ['d', 'a', 'b', 'c']).stay).toEqual(new Set([1, 2, 3]));
  expect(planChildren(['a', 'b', 'c', 'd'], ['b', 'c', 'd', 'a']).stay).toEqual(new Set([0, 1, 2]));
  expect(planChildren(['a', 'b'], ['a', 'x', 'b']).stay).toEqual(new Set([0, 2]));
});
