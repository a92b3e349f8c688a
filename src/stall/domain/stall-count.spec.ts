import { describe, expect, it } from 'vitest';
import { StallCount } from './stall-count.js';

describe('the count of looks at a loop', () => {
  it('grows while the loop stands still, and begins anew when it turns', () => {
    const count = new StallCount();
    expect([5, 5, 5, 6, 6, 5].map((turns) => count.look(turns))).toEqual([0, 1, 2, 0, 1, 0]);
  });

  it('begins anew when it is told to', () => {
    const count = new StallCount();
    count.look(1);
    count.look(1);
    count.forget();
    expect([count.look(1), count.look(1)]).toEqual([0, 1]);
  });
});
