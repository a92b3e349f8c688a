import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Literals } from './literals.js';
import { memoryOf } from './memory-of.js';

const pieces = fc.array(fc.uint8Array({ maxLength: 24 }), { minLength: 1, maxLength: 5 });

it('stands where the same bytes stand, and nowhere else', () => {
  fc.assert(
    fc.property(
      pieces,
      fc.nat(),
      fc.tuple(fc.nat(9), fc.nat(9)),
      fc.nat(255),
      (all, choice, [before, where], other) => {
        const literals = new Literals(all.map((bytes) => Buffer.from(bytes)));
        const index = choice % all.length;
        const bytes = all[index] as Uint8Array;
        const around = Buffer.concat([Buffer.alloc(before), bytes, Buffer.alloc(9)]);
        const from = around.byteOffset + before;
        const end = from + bytes.length;
        const limit = around.byteOffset + around.length;
        const found = (): number => literals.behind(index, memoryOf(around), from, limit);
        expect(found()).toBe(end);
        const at = before + where;
        const changed = where < bytes.length && around[at] !== other;
        around[at] = other;
        expect(found()).toBe(changed ? -1 : end);
      },
    ),
  );
});

it('does not stand where there is no room for all of it', () => {
  const bytes = Buffer.from('abcdef');
  const behind = (limit: number): number =>
    new Literals([bytes]).behind(0, memoryOf(bytes), bytes.byteOffset, bytes.byteOffset + limit);
  expect([behind(6), behind(5)]).toEqual([bytes.byteOffset + 6, -1]);
});
