import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prefillCut, PrefillSplice } from './prefill-splice.js';
import { SpliceRefused } from './splice.js';
import { answers, Dice, type Kind, kinds, pieces, type Style, styles } from './test-answers.js';
import { endsInHalfPair } from './whole-pairs.js';

/** What is delivered behind the partial answer, or why it was refused. */
function join(splice: PrefillSplice, parts: readonly string[]): { text: string } | { refused: string } {
  let text = '';
  try {
    for (const part of parts) {
      const out = splice.push(part);
      if (endsInHalfPair(out)) throw new Error('half a surrogate pair was delivered');
      if (!splice.joined && out !== '') throw new Error('text was delivered before the seam');
      text += out;
    }
    text += splice.end();
  } catch (error) {
    if (!(error instanceof SpliceRefused)) throw error;
    if (text !== '') throw new Error('refused behind the seam', { cause: error });
    return { refused: error.why };
  }
  return { text };
}

function resume(delivered: string, next: (prefill: string) => string, dice: Dice) {
  const cut = prefillCut(delivered);
  if (cut === undefined) return { refused: 'no cut' };
  const answer = next(cut.prefill);
  const result = join(new PrefillSplice(cut.prefill, cut.held), pieces(answer, dice));
  const atOnce = join(new PrefillSplice(cut.prefill, cut.held), [answer]);
  if (JSON.stringify(atOnce) !== JSON.stringify(result)) expect(atOnce).toEqual(result);
  return result;
}

const styleNames = Object.keys(styles) as Style[];

describe('a continuation of the same answer', () => {
  it.each(styleNames)('%s: every cut is joined exactly or refused', (style) => {
    for (const kind of kinds) {
      for (const seed of [1, 2]) {
        const whole = answers[kind](new Dice(seed), 330);
        for (let at = 1; at <= whole.length; at++) {
          const dice = new Dice(at * 7 + seed);
          const delivered = whole.slice(0, at);
          const result = resume(delivered, (prefill) => styles[style](whole, prefill, dice), dice);
          if ('text' in result && delivered + result.text !== whole) expect(delivered + result.text).toBe(whole);
        }
      }
    }
  });

  it('is joined exactly or refused, whatever the kind, the length, the cut and the pieces', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Kind>(...kinds),
        fc.constantFrom<Style>(...styleNames),
        fc.integer(),
        fc.integer({ min: 1, max: 4000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (kind, style, seed, length, place) => {
          const dice = new Dice(seed);
          const whole = answers[kind](dice, length);
          const delivered = whole.slice(0, Math.round(place * whole.length));
          const result = resume(delivered, (prefill) => styles[style](whole, prefill, dice), dice);
          if ('text' in result && delivered + result.text !== whole) expect(delivered + result.text).toBe(whole);
        },
      ),
      { numRuns: 4000 },
    );
  });

  it.each<[Style, number]>([
    ['exact', 1],
    ['trimmed', 1],
    ['respaced', 1],
    ['overlapping', 1],
    ['overlapping, trimmed', 1],
    ['restarting', 1],
    ['echoing, trimmed', 1],
    ['preambling', 0.9],
    ['preambling, trimmed', 0.9],
  ])('%s: prose is joined at a rate of at least %d', (style, least) => {
    let joined = 0;
    let all = 0;
    for (let seed = 0; seed < 6; seed++) {
      const whole = answers.prose(new Dice(seed), 700);
      for (let at = 80; at < whole.length; at += 2) {
        const dice = new Dice(at);
        const result = resume(whole.slice(0, at), (prefill) => styles[style](whole, prefill, dice), dice);
        all++;
        if ('text' in result) joined++;
      }
    }
    expect(joined / all).toBeGreaterThanOrEqual(least);
  });
});
