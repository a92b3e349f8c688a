import { describe, expect, it } from 'vitest';
import { prefillCut, PrefillSplice } from './prefill-splice.js';
import { SpliceRefused } from './splice.js';
import { answers, Dice, joinWith, kinds } from './test-answers.js';

const PREFILL = 'Rivers carry more than water. In spring, when the snow melts,';
const HELD = ' they bring sand and stones down from the hi';
const REST = 'lls, and in summer they rest.';

const after = (...parts: string[]) => joinWith(new PrefillSplice(PREFILL, HELD), parts);

describe('prefillCut', () => {
  it('cuts at a word boundary in the middle of a sentence and holds about 40 characters back', () => {
    expect(prefillCut(PREFILL + HELD)).toEqual({ prefill: PREFILL, held: HELD });
  });

  it('holds more back where the end repeats what was said before', () => {
    const line = 'and the wheel of the old mill turns round again ';
    const cut = prefillCut(`Once upon a time there was a miller and his cat, ${line}${line}`);
    expect(cut?.held.length).toBeGreaterThan(line.length);
  });

  it.each([
    ['nothing', ''],
    ['a short text', 'The answer is forty-two, as everybody knows.'],
    ['a loop without an end that tells its place', `It goes: ${'la la la '.repeat(100)}`],
    ['identical rows', `| a |\n${'| the very same row of a table | 0 |\n'.repeat(30)}`],
    ['white space', 'word'.repeat(20) + ' \n'.repeat(100)],
    ['half a surrogate pair', `${PREFILL}${HELD}\ud83d`],
  ])('has no place in %s', (_what, text) => {
    expect(prefillCut(text)).toBeUndefined();
  });

  it('never cuts inside a cluster', () => {
    const clusters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
    const emoji = '👩‍👩‍👧‍👦🇩🇪👍🏽e\u0301🏳️‍🌈नि🇫🇷1️⃣ก็🚀🇯🇵각😀👨🏿‍💻각'.repeat(2) + 'กำ🇩🇪🇫🇷🇯🇵🇮🇹🇪🇸❤️‍🔥a\u0308🧑‍🚀'.repeat(3);
    const flags = answers.flags(new Dice(3), 300);
    const families = Array.from({ length: 12 }, (_, index) => `👩‍👩‍👧‍👦👨🏿‍💻${'🚀'.repeat(index % 4)}🧑‍🚀`).join('');
    let cuts = 0;
    for (const text of [emoji, flags, families, `of ${flags}`]) {
      for (let end = 1; end <= text.length; end++) {
        const cut = prefillCut(text.slice(0, end));
        if (cut === undefined) continue;
        cuts++;
        const begins = Array.from(clusters.segment(text.slice(0, end)), ({ index }) => index);
        if (!begins.includes(cut.prefill.length)) expect(cut.prefill).toBe('the beginning up to the end of a cluster');
      }
    }
    expect(cuts).toBeGreaterThan(100);
  });

  it('leaves the white space at the cut to the tail, and loses nothing', () => {
    for (const kind of kinds) {
      const whole = answers[kind](new Dice(4), 500);
      for (let end = 1; end <= whole.length; end++) {
        const delivered = whole.slice(0, end);
        const cut = prefillCut(delivered);
        if (cut === undefined) continue;
        if (cut.prefill !== cut.prefill.trimEnd()) expect(cut.prefill).toBe(cut.prefill.trimEnd());
        if (cut.prefill + cut.held !== delivered) expect(cut.prefill + cut.held).toBe(delivered);
      }
    }
  });
});

describe('PrefillSplice', () => {
  it.each([
    ['exactly', HELD + REST],
    ['without the space', HELD.trim() + REST],
    ['with other space', `\n\n${HELD.trim()}${REST}`],
    ['a few words back', `when the snow melts,${HELD}${REST}`],
    ['in the middle of a word back', `ow melts,${HELD}${REST}`],
    ['with an introduction', `Sure, continuing: ${HELD.trim()}${REST}`],
    ['with dots', `...${HELD.trim()}${REST}`],
    ['from the start', PREFILL + HELD + REST],
    ['from the prefill in a new line', `${PREFILL}\n${HELD.trim()}${REST}`],
  ])('joins what goes on %s', (_how, answer) => {
    expect(after(answer)).toEqual({ text: REST });
    expect(after(...answer.split(''))).toEqual({ text: REST });
  });

  it.each([
    ['no_seam', 'other words before the hills', `They bring sand and stones down from the hills.${' more'.repeat(60)}`],
    ['no_seam', 'the held words behind other words', `and often${HELD}${REST}`],
    ['no_seam', 'an introduction that opens a quotation', `The rest: "${HELD.trim()}${REST}"`],
    ['no_seam', 'an introduction inside a quotation', `"Here it goes.\n\n${HELD.trim()}${REST}"`],
    ['ambiguous', 'an introduction that quotes the held words', `After this:${HELD}, comes this:${HELD}${REST}`],
    ['too_short', 'an end inside the held words', HELD.slice(0, -1)],
    ['too_short', 'nothing', ''],
    ['no_seam', 'only white space', ' '.repeat(1000)],
  ])('refuses (%s) %s', (why, _what, answer) => {
    expect(after(answer)).toEqual({ refused: why });
    expect(after(...answer.split(''))).toEqual({ refused: why });
  });

  it('refuses a tail that stands in the text twice: one period back looks the same', () => {
    const row = 'the wheel of the old mill turns round, and ';
    expect(joinWith(new PrefillSplice(`Listen: ${row}`, row), [`${row}stops.`])).toEqual({ refused: 'ambiguous' });
  });

  it.each([
    ['a sentence begins there', 'Rivers carry more than water.', ' In spring they bring sand and stones'],
    ['a name stands there', 'A river of Europe is', ' Danube, which brings sand and stones'],
    ['a list begins there', 'You need all of this:', '\n- sand, stones and water of the hills'],
    ['a line begins there', 'const water = 1;', '\nconst sand = stones(water, "hills");'],
  ])('does not take another answer for an introduction where %s', (_where, prefill, held) => {
    const splice = new PrefillSplice(prefill, held);
    expect(joinWith(splice, [`It is said so: ${held.trim()} and more.`])).toEqual({ refused: 'no_seam' });
  });

  it('refuses to go on behind half a surrogate pair', () => {
    const splice = new PrefillSplice(PREFILL, `${HELD}\ud83d`);
    expect(joinWith(splice, [`${HELD}😀`])).toEqual({ refused: 'no_seam' });
  });

  it.each(['', 'short', '| --- | --- | --- | --- | --- | --- |'])(
    'refuses a tail that is found anywhere: %j',
    (held) => {
      expect(joinWith(new PrefillSplice(PREFILL, held), [held])).toEqual({ refused: 'too_short' });
    },
  );

  it('has nothing left to deliver when the new answer ends where the delivered text does', () => {
    expect(after(HELD)).toEqual({ text: '' });
  });

  it('keeps what follows the seam to the letter', () => {
    const rest = '\n\n    indented\r\n\t- more  \n';
    expect(after(`\n ${HELD.trim()}${rest}`)).toEqual({ text: rest });
  });

  it('delivers at once what follows, but no half of a surrogate pair', () => {
    const splice = new PrefillSplice(PREFILL, HELD);
    expect([splice.push(HELD.slice(0, 9)), splice.joined]).toEqual(['', false]);
    expect([splice.push(`${HELD.slice(9)}lls \ud83d`), splice.joined]).toEqual(['lls ', true]);
    expect([splice.push('\ude00 and'), splice.end()]).toEqual(['😀 and', '']);
  });

  it('keeps no more than the window and the tail before it refuses', () => {
    const splice = new PrefillSplice(PREFILL, HELD);
    let taken = 0;
    expect(() => {
      for (; taken < 1000; taken++) splice.push('x');
    }).toThrow(SpliceRefused);
    expect(taken).toBeLessThan(160 + HELD.length);
  });

  it('refuses a restart at the first character that differs, and for ever', () => {
    const long = Array.from({ length: 200 }, (_, index) => `Word ${index}, `).join('');
    const splice = new PrefillSplice(long, HELD);
    expect(splice.push(long.slice(0, 1500))).toBe('');
    expect(() => splice.push('#')).toThrow(expect.objectContaining({ why: 'other_answer' }) as Error);
    expect(() => splice.push(long.slice(1500))).toThrow(SpliceRefused);
    expect(() => splice.end()).toThrow(SpliceRefused);
  });
});
