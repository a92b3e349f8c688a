import { describe, expect, it } from 'vitest';
import { firstTurnToGo } from './kept-turns.js';

const turns = [5, 4, 3, 2, 1].map((id) => ({ id, bytes: 10 }));

describe('firstTurnToGo', () => {
  it.each([
    [5, 50, undefined],
    [3, 50, 2],
    [5, 49, 1],
    [5, 10, 4],
    [5, 1, 4],
    [1, 1, 4],
  ])('with at most %i turns and %i bytes is %s', (maxTurns, maxBytes, id) => {
    expect(firstTurnToGo(turns, maxTurns, maxBytes)).toBe(id);
  });

  it('keeps a single turn of any size, and nothing of nothing', () => {
    expect(firstTurnToGo([{ id: 1, bytes: 100 }], 1, 1)).toBeUndefined();
    expect(firstTurnToGo([], 1, 1)).toBeUndefined();
  });
});
