import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { turnsToLeave } from './fit-history.js';

const turn = fc.integer({ min: 1, max: 5000 });
const conversation = fc.record({
  true_: fc.array(turn, { minLength: 1, maxLength: 200 }),
  rest: turn,
  room: fc.integer({ min: 1, max: 400_000 }),
});
const sum = (tokens: readonly number[], left: number, rest: number): number =>
  tokens.slice(left).reduce((total, one) => total + one, rest);

/** An upstream that counts the truth, and how often it was asked. */
function counter(
  tokens: readonly number[],
  rest: number,
): { asked: number[]; count: (left: number) => Promise<number> } {
  const asked: number[] = [];
  const count = (left: number): Promise<number> => {
    asked.push(left);
    return Promise.resolve(sum(tokens, left, rest));
  };
  return { asked, count };
}

describe('turnsToLeave', () => {
  it('never sends more than fits by the upstream’s count, however wrong each cautious estimate is', async () => {
    const factors = fc.array(fc.double({ min: 1, max: 4, noNaN: true }), { minLength: 200, maxLength: 200 });
    const check = fc.asyncProperty(conversation, factors, async ({ true_, rest, room }, caution) => {
      const { asked, count } = counter(true_, rest);
      const turns = true_.map((tokens, at) => tokens * (caution[at] as number));
      const left = await turnsToLeave({ turns, rest, room }, count);
      if (left < true_.length) expect(sum(true_, left, rest)).toBeLessThanOrEqual(room);
      expect(asked.length).toBeLessThanOrEqual(4);
      expect(new Set(asked).size).toBe(asked.length);
      if (sum(turns, 0, rest) <= room) expect([left, asked]).toEqual([0, []]);
    });
    await fc.assert(check);
  });

  it('sends as much as fits where all is misjudged alike, after three counts at most', async () => {
    const factor = fc.double({ min: 1, max: 4, noNaN: true });
    const check = fc.asyncProperty(conversation, factor, async ({ true_, rest, room }, caution) => {
      const { asked, count } = counter(true_, rest);
      const sizes = { turns: true_.map((tokens) => tokens * caution), rest: rest * caution, room };
      const left = await turnsToLeave(sizes, count);
      const fewest = true_.findIndex((_, at) => sum(true_, at, rest) <= room);
      expect(left).toBe(fewest < 0 ? true_.length : fewest);
      expect(asked.length).toBeLessThanOrEqual(3);
    });
    await fc.assert(check);
  });

  it('goes by the cautious estimate where nobody counts', async () => {
    const check = fc.asyncProperty(conversation, async ({ true_, rest, room }) => {
      const left = await turnsToLeave({ turns: true_, rest, room }, () => Promise.resolve(undefined));
      const fewest = true_.findIndex((_, at) => sum(true_, at, rest) <= room);
      expect(left).toBe(fewest < 0 ? true_.length : fewest);
    });
    await fc.assert(check);
  });

  it('believes a count that is higher than its own estimate, also when there is no second one', async () => {
    const counts = [2000, undefined];
    const sizes = { turns: [100, 100, 100, 100], rest: 100, room: 450 };
    expect(await turnsToLeave(sizes, () => Promise.resolve(counts.shift()))).toBe(4);
  });
});
