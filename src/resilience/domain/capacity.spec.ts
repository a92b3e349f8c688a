import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Capacity } from './capacity.js';

it('never gives out more than its limit, whatever is taken and released', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(60)), { maxLength: 100 }), (steps) => {
      const capacity = new Capacity(100);
      let held = 0;
      for (const [taking, amount] of steps) {
        if (taking) {
          const fits = held + amount <= 100;
          expect(capacity.take(amount)).toBe(fits);
          if (fits) held += amount;
        } else {
          capacity.release(amount);
          held = Math.max(0, held - amount);
        }
        expect(capacity.used).toBe(held);
      }
    }),
  );
});
