import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Change } from './change.js';
import { mergeChanges } from './merge-changes.js';

const key = fc.record({ a: fc.constantFrom('x', 'y', 'x"y'), b: fc.constantFrom(1, 2) });
const table = fc.constantFrom('one', 'two');
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ table, put: fc.tuple(key, fc.nat()).map(([names, value]) => ({ ...names, value })) }),
  fc.record({ table, remove: key }),
);

/** Rows by name, after changes one after another. */
function applied(changes: readonly Change[]): Map<string, unknown> {
  const rows = new Map<string, unknown>();
  for (const one of changes) {
    const { a, b } = 'put' in one ? one.put : one.remove;
    const name = JSON.stringify([one.table, a, b]);
    if ('put' in one) rows.set(name, one.put);
    else rows.delete(name);
  }
  return rows;
}

it('merged changes come to the same in any order, with one for each row', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      const merged = mergeChanges(changes, () => ['a', 'b']);
      expect(applied(merged.toReversed())).toEqual(applied(changes));
      expect(merged.length).toBeLessThanOrEqual(12);
    }),
  );
});
