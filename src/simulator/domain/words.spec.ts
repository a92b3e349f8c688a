import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Piece } from './answer.js';
import { parseDirectives } from './directives.js';
import { firstWords, prose, wordCount } from './prose.js';
import { hashText, Random } from './seed.js';
import { textPieces } from './text-pieces.js';
import { firstTokens, tokensIn } from './token-count.js';

const textOf = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (piece.kind === 'call' ? '' : piece.text)).join('');

describe('prose', () => {
  it('is the same for the same seed, differs between seeds, and says first that it is simulated', () => {
    const texts = Array.from({ length: 200 }, (_, seed) => prose(new Random(seed), { turns: 1 }));
    expect(prose(new Random(7), { turns: 1 })).toBe(texts[7]);
    expect(new Set(texts).size).toBe(200);
    for (const text of texts) {
      expect(text).toMatch(/^\[simulated\] /);
      expect(wordCount(text)).toBeGreaterThanOrEqual(25);
      expect(wordCount(text)).toBeLessThanOrEqual(160);
    }
    expect(texts.some((text) => text.includes('\n## '))).toBe(true);
    expect(texts.some((text) => /[^\u0000-\u00ff]/.test(text))).toBe(true);
  });

  it('has exactly the number of words asked for, names the persona and counts the turns', () => {
    for (const words of [1, 5, 37, 1000]) expect(wordCount(prose(new Random(words), { turns: 2, words }))).toBe(words);
    expect(prose(new Random(1), { turns: 3, persona: 'Ada' })).toMatch(
      /^\[simulated\] Ada here\. This is turn 3 of our conversation\./,
    );
  });
});

describe('textPieces', () => {
  it('loses and adds nothing, and its tokens add up', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.integer(), (text, seed) => {
        const pieces = textPieces(text, seed, 'text');
        expect(textOf(pieces)).toBe(text);
        expect(pieces.reduce((sum, piece) => sum + piece.tokens, 0)).toBe(tokensIn(text.length));
      }),
    );
    for (const piece of textPieces(prose(new Random(3), { turns: 1, words: 90 }), 3, 'text').slice(0, -1)) {
      expect(wordCount(textOf([piece]))).toBeGreaterThanOrEqual(3);
      expect(wordCount(textOf([piece]))).toBeLessThanOrEqual(8);
    }
  });
});

describe('cutting', () => {
  it('takes words and tokens from the beginning without splitting a character', () => {
    expect(firstWords('one  two\nthree', 2)).toBe('one  two');
    expect(firstWords('one', 5)).toBe('one');
    expect(firstTokens('abc😀def', 1)).toBe('abc');
    expect(firstTokens('abcdefgh', 1)).toBe('abcd');
  });
});

describe('hashText', () => {
  it('depends on every character of usual texts and on the start', () => {
    expect(hashText('ab')).not.toBe(hashText('ba'));
    expect(hashText('ab')).not.toBe(hashText('ab', 1));
    expect(hashText(`${'x'.repeat(200_000)}a`)).not.toBe(hashText(`${'x'.repeat(200_000)}b`));
  });
});

describe('parseDirectives', () => {
  it('reads what it knows and ignores the rest', () => {
    expect(
      parseDirectives('Tell me #words=200, #thoughts #prefill=trimming #nonsense issue#5 #hop=0 #blocked?'),
    ).toEqual({
      words: 200,
      thoughts: true,
      prefill: 'trimming',
      blocked: true,
    });
    expect(parseDirectives('#words=999999').words).toBe(20_000);
    expect(parseDirectives('#safety')).toEqual({ stopMidway: 'SAFETY' });
    expect(parseDirectives('no marks')).toEqual({});
  });
});
