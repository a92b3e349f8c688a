import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Literal, memoryOf } from './literal.js';

it('stands where the same bytes stand, and nowhere else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 24 }), fc.nat(9), fc.nat(9), fc.nat(255), (bytes, before, where, other) => {
      const literal = new Literal(Buffer.from(bytes));
      const around = Buffer.concat([Buffer.alloc(before), Buffer.from(bytes), Buffer.alloc(3)]);
      const stands = (): boolean => literal.standsAt(memoryOf(around), around.byteOffset + before);
      expect(literal).toHaveLength(bytes.length);
      expect(stands()).toBe(true);
      const at = before + where;
      const changed = where < bytes.length && around[at] !== other;
      around[at] = other;
      expect(stands()).toBe(!changed);
    }),
  );
});
