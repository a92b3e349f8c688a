import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostTokens, textTokens } from './text-tokens.js';
import { turnTokens } from './turn-tokens.js';
import { roomIn, windowOf } from './model-window.js';

describe('textTokens', () => {
  it.each([
    ['', 4],
    ['word word word', 11],
    ['12345', 9],
    ['漢字', 6],
    ['😀😀', 8],
    ['привет', 10],
  ])('of %j is %d', (text, tokens) => {
    expect(textTokens(text)).toBe(tokens);
  });

  it('is never more than the most a text can have, give or take its form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(textTokens(text)).toBeLessThanOrEqual(mostTokens([text]));
      }),
    );
  });
});

describe('turnTokens', () => {
  const text = 'some words that say something '.repeat(10);
  const counted = (input_tokens: number, output_tokens: number): { input_tokens: number; output_tokens: number } => ({
    input_tokens,
    output_tokens,
  });
  const turn = (
    usage: Record<string, number>,
  ): { userText: string; modelText: string; usage: Record<string, number> } => ({
    userText: text,
    modelText: text,
    usage,
  });
  const cautious = textTokens(text);

  it('takes what the upstream has counted', () => {
    // 70 for each text, as the prompts grow by what was said before.
    const turns = [turn(counted(70, 70)), turn(counted(210, 70)), turn(counted(350, 70))];
    expect(turnTokens(turns)).toEqual([cautious + 70, 140, 140]);
  });

  it('falls back on its own estimate where a count cannot be that of the text', () => {
    const nothing = turn({});
    const shrunk = turn(counted(100, 70));
    const summedUp = turn(counted(5000, 4000));
    expect(turnTokens([nothing, shrunk, summedUp])).toEqual([2 * cautious, cautious + 70, 2 * cautious]);
    expect(turnTokens([turn(counted(1000, 70)), turn(counted(1075, 1))])).toEqual([cautious + 70, 2 * cautious]);
  });
});

describe('the room in a window', () => {
  it('leaves the longest answer free, and no more than a quarter', () => {
    expect(roomIn({ input: 1_048_576, output: 65_536 })).toBe(983_040);
    expect(roomIn({ input: 8192, output: 8192 })).toBe(6144);
    expect(roomIn({ input: 1001, output: undefined })).toBe(750);
  });

  it('is known where the model tells its limit', () => {
    expect(windowOf({ inputTokenLimit: 10, outputTokenLimit: 5 })).toEqual({ input: 10, output: 5 });
    expect(windowOf({ inputTokenLimit: 10, outputTokenLimit: 0 })).toEqual({ input: 10, output: undefined });
    for (const nothing of [undefined, null, '', {}, { inputTokenLimit: '10' }, { inputTokenLimit: 0 }])
      expect(windowOf(nothing)).toBeUndefined();
  });
});
