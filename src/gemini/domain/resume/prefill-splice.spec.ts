import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prefillCut, PrefillSplice } from './prefill-splice.js';
import { answers, Dice, joinWith, type Kind, kinds, pieces, type Style, styles } from './test-answers.js';

/** Joins in pieces, sees that the pieces do not matter; '' as the rest and 'no cut' as a refusal included. */
function resume(delivered: string, dice: Dice, next: (prefill: string) => string, cut = prefillCut(delivered)) {
  if (cut === undefined) return { refused: 'no cut' };
  const answer = next(cut.prefill);
  const result = joinWith(new PrefillSplice(cut.prefill, cut.held), pieces(answer, dice));
  const atOnce = joinWith(new PrefillSplice(cut.prefill, cut.held), [answer]);
  if (JSON.stringify(atOnce) !== JSON.stringify(result)) expect(atOnce).toEqual(result);
  return result;
}

/** Exactly the whole answer, or refused. */
function assertRight(whole: string, delivered: string, result: ReturnType<typeof resume>): void {
  if ('text' in result && delivered + result.text !== whole) expect(delivered + result.text).toBe(whole);
}

const styleNames = Object.keys(styles) as Style[];

describe('a continuation of the same answer', () => {
  it.each(kinds)('%s: every cut is joined exactly or refused in every style', (kind) => {
    for (const seed of [1, 2]) {
      const whole = answers[kind](new Dice(seed), 320);
      for (let at = 1; at <= whole.length; at++) {
        const delivered = whole.slice(0, at);
        const cut = prefillCut(delivered);
        if (cut === undefined) continue;
        for (const style of styleNames) {
          const dice = new Dice(at * 7 + seed);
          assertRight(
            whole,
            delivered,
            resume(delivered, dice, (prefill) => styles[style](whole, prefill, dice), cut),
          );
        }
      }
    }
  });

  it('is joined exactly or refused, whatever the kind, the length, the cut and the pieces', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Kind>(...kinds),
        fc.constantFrom<Style>(...styleNames),
        fc.tuple(fc.integer(), fc.integer({ min: 1, max: 4000 })),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (kind, style, [seed, length], place) => {
          const dice = new Dice(seed);
          const whole = answers[kind](dice, length);
          const delivered = whole.slice(0, Math.round(place * whole.length));
          assertRight(
            whole,
            delivered,
            resume(delivered, dice, (prefill) => styles[style](whole, prefill, dice)),
          );
        },
      ),
      { numRuns: 4000 },
    );
  });

  it('is joined exactly or refused wherever the tail is cut, also where the text repeats itself', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('ab ', 'abcdefgh ', 'ijklmnop', '\n', '| 0 | abcdefghijk |\n'), {
          minLength: 4,
          maxLength: 60,
        }),
        fc.constantFrom<Style>(...styleNames),
        fc.tuple(fc.nat(), fc.nat(), fc.integer()),
        (parts, style, [end, hold, seed]) => {
          const dice = new Dice(seed);
          const whole = parts.join('');
          const delivered = whole.slice(0, 1 + (end % whole.length));
          const at = hold % delivered.length;
          const cut = { prefill: delivered.slice(0, at), held: delivered.slice(at) };
          assertRight(
            whole,
            delivered,
            resume(delivered, dice, (prefill) => styles[style](whole, prefill, dice), cut),
          );
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('is refused where another blank line at the cut would let the tail fit one row too early', () => {
    const row = '| 0 | abcdefghijk |\n';
    const delivered = `${row}${row}\n| 0 | abcde`;
    const echo = `${row}\n${delivered.slice(row.length)}fghijk |\n`;
    const splice = new PrefillSplice(row, delivered.slice(row.length));
    expect(joinWith(splice, [echo])).toEqual({ refused: 'ambiguous' });
    expect(prefillCut(delivered)).toBeUndefined();
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
  ])('%s: prose of 80 characters and more is joined at a rate of at least %d', (style, least) => {
    let joined = 0;
    let all = 0;
    for (let seed = 0; seed < 6; seed++) {
      const whole = answers.prose(new Dice(seed), 700);
      for (let at = 80; at < whole.length; at += 3) {
        const dice = new Dice(at);
        const result = resume(whole.slice(0, at), dice, (prefill) => styles[style](whole, prefill, dice));
        all++;
        if ('text' in result) joined++;
      }
    }
    expect(joined / all).toBeGreaterThanOrEqual(least);
  });
});

/** True when `other` begins with an ending of what was delivered that holds all of the held tail. */
function goesOn(delivered: string, other: string): boolean {
  const held = prefillCut(delivered)?.held.trimStart() ?? delivered.trimStart();
  const end = other.indexOf(held) + held.length;
  return end >= held.length && delivered.endsWith(other.slice(0, end).trimStart());
}

describe('another answer', () => {
  const cutOf = (seed: number, kind: Kind, length: number) => {
    const dice = new Dice(seed);
    const whole = answers[kind](dice, length + 400);
    const delivered = whole.slice(0, length);
    return { dice, whole, delivered, cut: prefillCut(delivered) };
  };
  const runs = (check: (seed: number, kind: Kind, length: number) => void) => {
    const kind = fc.constantFrom<Kind>(...kinds);
    fc.assert(fc.property(fc.integer(), kind, fc.integer({ min: 56, max: 1500 }), check), { numRuns: 1500 });
  };

  it('is refused when it has nothing to do with what was delivered', () => {
    runs((seed, kind, length) => {
      const { dice, delivered } = cutOf(seed, kind, length);
      const other = dice.pick(['', 'Sure: ', '\n', delivered.slice(0, 30)]) + answers[kind](new Dice(seed + 1), 600);
      // Texts that repeat themselves may begin as one does that goes on: the same answer, for all that can be seen.
      if (goesOn(delivered, other)) return;
      expect(resume(delivered, dice, () => other)).not.toHaveProperty('text');
    });
  });

  it('is refused when one character before the seam is another one', () => {
    runs((seed, kind, length) => {
      const { dice, whole, delivered, cut } = cutOf(seed, kind, length);
      if (cut === undefined) return;
      const style = dice.pick(styleNames);
      const said = styles[style](whole, cut.prefill, dice);
      // Only what must be the held tail: an introduction may say anything.
      const end = said.length - (whole.length - delivered.length);
      const at = end - 1 - dice.roll(cut.held.trim().length);
      const other = said.slice(0, at) + (said.charAt(at) === '#' ? '%' : '#') + said.slice(at + 1);
      expect(resume(delivered, dice, () => other, cut)).not.toHaveProperty('text');
    });
  });

  it('is refused when it comes to the held words from elsewhere', () => {
    runs((seed, kind, length) => {
      const { dice, whole, delivered, cut } = cutOf(seed, kind, length);
      if (cut === undefined) return;
      const lead = answers[kind](new Dice(seed + 1), dice.roll(150)).replace(/[.!?:…\s]+$/u, '') + ' other way';
      const other = `${lead} ${whole.slice(cut.prefill.length).trimStart()}`;
      if (!lead.includes(cut.held.trim())) expect(resume(delivered, dice, () => other, cut)).not.toHaveProperty('text');
    });
  });

  it('is refused when it ends before the seam', () => {
    runs((seed, kind, length) => {
      const { dice, whole, delivered, cut } = cutOf(seed, kind, length);
      if (cut === undefined) return;
      const style = dice.pick(styleNames);
      const said = styles[style](whole.slice(0, length), cut.prefill, dice);
      const short = said.slice(0, -1 - dice.roll(said.length));
      expect(resume(delivered, dice, () => short, cut)).not.toHaveProperty('text');
    });
  });
});
