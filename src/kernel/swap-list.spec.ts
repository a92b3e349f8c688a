import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Placed, SwapList } from './swap-list.js';

it('holds what a set would hold', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(9)), { maxLength: 200 }), (steps) => {
      const items: Placed[] = Array.from({ length: 10 }, () => ({ place: -1 }));
      const list = new SwapList<Placed>();
      const model = new Set<Placed>();
      for (const [adding, index] of steps) {
        const item = items[index] as Placed;
        if (adding && !model.has(item)) {
          list.add(item);
          model.add(item);
        } else if (!adding) {
          list.remove(item);
          model.delete(item);
        }
        expect(list.size).toBe(model.size);
        expect(new Set(list.snapshot())).toEqual(model);
      }
    }),
  );
});
