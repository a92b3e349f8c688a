import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplaySplice } from './replay-splice.js';
import { answers, Dice, joinWith, type Kind, kinds, pieces } from './test-answers.js';

const runs = (check: (whole: string, end: number, dice: Dice) => void) => {
  fc.assert(
    fc.property(
      fc.constantFrom<Kind>(...kinds),
      fc.integer(),
      fc.integer({ min: 1, max: 1000 }),
      fc.nat(),
      (kind, seed, length, place) => {
        const dice = new Dice(seed);
        const whole = answers[kind](dice, length);
        let end = place % (whole.length + 1);
        if (/[\ud800-\udbff]$/.test(whole.slice(0, end))) end--;
        check(whole, end, dice);
      },
    ),
    { numRuns: 2000 },
  );
};

describe('ReplaySplice', () => {
  it('joins the same answer exactly, in any pieces', () => {
    runs((whole, end, dice) => {
      const result = joinWith(new ReplaySplice(whole.slice(0, end)), pieces(whole, dice));
      expect(result).toEqual({ text: whole.slice(end) });
    });
  });

  it('refuses an answer that differs anywhere before the end of what was delivered', () => {
    runs((whole, end, dice) => {
      if (end === 0) return;
      const at = dice.roll(end);
      const other = whole.slice(0, at) + (whole.charAt(at) === '#' ? '%' : '#') + whole.slice(at + 1);
      const result = joinWith(new ReplaySplice(whole.slice(0, end)), pieces(other, dice));
      expect(result).toEqual({ refused: 'other_answer' });
    });
  });

  it('refuses an answer that ends before what was delivered', () => {
    runs((whole, end, dice) => {
      if (end === 0) return;
      const result = joinWith(new ReplaySplice(whole.slice(0, end)), pieces(whole.slice(0, dice.roll(end)), dice));
      expect(result).toEqual({ refused: 'too_short' });
    });
  });

  it('is joined from the start when nothing was delivered', () => {
    const splice = new ReplaySplice('');
    expect(splice.joined).toBe(true);
    expect([splice.push('all of it'), splice.end()]).toEqual(['all of it', '']);
  });

  it('refuses to go on behind half a surrogate pair', () => {
    expect(joinWith(new ReplaySplice('well \ud83d'), ['well 😀'])).toEqual({ refused: 'no_seam' });
  });

  it('stays refused', () => {
    const splice = new ReplaySplice('abc');
    expect(() => splice.push('x')).toThrow('other_answer');
    expect(() => splice.push('abc')).toThrow('other_answer');
    expect(() => splice.end()).toThrow('other_answer');
    expect(splice.joined).toBe(false);
  });
});
