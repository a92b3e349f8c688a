import { type Splice, SpliceRefused } from './splice.js';
import { endsInHalfPair } from './whole-pairs.js';

/** A small generator that gives the same numbers for the same seed. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed ^ 0x9e3779b9) >>> 0;
  }

  /** A whole number from 0 to below `sides`. */
  roll(sides: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.roll(items.length)] as T;
  }
}

const WORDS =
  `the river house of and a to in light water when people small green under over because system answer model time
with from city world long road night letter window after before engine number simple change memory between public garden
morning paper metal stone voice table silence follow carry build remember travel mountain winter summer question reason
however perhaps almost always never several another through without against Paris Monday Anna Europe 1987 42 don't it's`.split(
    /\s+/,
  );
const HAN = Array.from(
  '的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经',
);
const CLUSTERS = [
  '👩‍👩‍👧‍👦',
  '👍🏽',
  '🇩🇪',
  '🇫🇷',
  '🏳️‍🌈',
  'e\u0301',
  'a\u0308',
  '😀',
  '❤️',
  'ก็',
  'नि',
  '1️⃣',
  '🚀',
  '👨🏿‍💻',
  'o\u0302\u0301',
];

function sentence(dice: Dice): string {
  const words = Array.from({ length: 5 + dice.roll(14) }, () => dice.pick(WORDS) + (dice.roll(9) === 0 ? ',' : ''));
  const text = words.join(' ').replace(/,$/, '');
  return text.charAt(0).toUpperCase() + text.slice(1) + dice.pick(['.', '.', '.', '!', '?']);
}

function repeat(length: number, part: () => string): string {
  let text = '';
  while (text.length < length) text += part();
  return text;
}

/** Answers of many kinds, each at least `length` UTF-16 units long. */
export const answers = {
  prose: (dice: Dice, length: number) => repeat(length, () => sentence(dice) + dice.pick([' ', ' ', ' ', '\n\n'])),
  table: (dice: Dice, length: number) =>
    `| name | value | note |\n| --- | ---: | --- |\n${repeat(length, () => `| ${dice.pick(WORDS)} | ${dice.roll(1000)} | ${dice.pick(WORDS)} ${dice.pick(WORDS)} |\n`)}`,
  'same rows': (dice: Dice, length: number) => {
    const row = `| ${dice.pick(WORDS)} | 0 | ${dice.pick(WORDS)} |\n`;
    return `${sentence(dice)}\n\n${repeat(length, () => (dice.roll(12) === 0 ? `| ${dice.pick(WORDS)} | 1 | other |\n` : row))}`;
  },
  code: (dice: Dice, length: number) =>
    `\`\`\`ts\n${repeat(length, () => {
      const [a, b, c] = [dice.pick(WORDS), dice.pick(WORDS), dice.pick(WORDS)];
      return `export function ${a}(${b}: string) {\n  if (${b} === '${c}') {\n    return ${c}[${dice.roll(50)}];\n  }\n\n\treturn undefined;\n}\n\n`;
    })}\`\`\`\n`,
  'la la': (dice: Dice, length: number) => {
    const phrase = dice.pick([
      'la ',
      'ha',
      'yes, yes, ',
      'na na na hey hey ',
      '- again and again and again the same old item\n',
      'a',
      '\n',
    ]);
    return repeat(length, () => (dice.roll(60) === 0 ? `${dice.pick(WORDS)} ` : phrase));
  },
  loop: (dice: Dice, length: number) => {
    const part = sentence(dice) + ' ' + sentence(dice) + dice.pick([' ', '\n']);
    return sentence(dice) + ' ' + repeat(length, () => part);
  },
  list: (dice: Dice, length: number) => {
    const tail = `${dice.pick(WORDS)} ${dice.pick(WORDS)} ${dice.pick(WORDS)} of the same kind`;
    return repeat(length, () => `${dice.roll(2) === 0 ? '-' : '1.'} ${dice.pick(WORDS)}: ${tail}\n`);
  },
  chinese: (dice: Dice, length: number) =>
    repeat(
      length,
      () =>
        Array.from({ length: 6 + dice.roll(14) }, () => dice.pick(HAN)).join('') + dice.pick(['，', '。', '：', '！']),
    ),
  emoji: (dice: Dice, length: number) => repeat(length, () => dice.pick(CLUSTERS) + dice.pick(['', '', ' '])),
  flags: (dice: Dice, length: number) => repeat(length, () => dice.pick(['🇩🇪', '🇫🇷', '🇯🇵', '🇧🇷', '🇪🇸', '🇮🇹', '🇺🇸'])),
  mixed: (dice: Dice, length: number): string =>
    repeat(length, () => {
      const kind = dice.pick(['prose', 'table', 'code', 'chinese', 'emoji', 'list', 'same rows'] as const);
      return answers[kind](dice, 20 + dice.roll(100)) + dice.pick(['', '\n', '\n\n']);
    }),
  spaces: (dice: Dice, length: number) =>
    repeat(length, () => dice.pick(['\n', '\r\n', '    ', '\t', ' ', '\u00a0', '\n\n\n', ...WORDS.slice(0, 30)])),
  url: (dice: Dice, length: number) =>
    `https://example.com/${repeat(length, () => dice.pick(['a', 'B', '7', 'x', '-', 'q', 'Zz', '0', '%20', 'k']))}`,
} satisfies Record<string, (dice: Dice, length: number) => string>;

/** A kind of answer. */
export type Kind = keyof typeof answers;

/** All kinds of answers. */
export const kinds = Object.keys(answers) as Kind[];

const OPENINGS = [
  'Sure, continuing: ',
  'Certainly! ',
  'Here is the rest of the answer:\n\n',
  '...',
  '… ',
  'Of course. Picking up where I left off:\n',
];

/** How models go on with `whole` when `prefill` is their last turn; each must end as `whole` does. */
export const styles = {
  exact: (whole: string, prefill: string) => whole.slice(prefill.length),
  trimmed: (whole: string, prefill: string) => whole.slice(prefill.length).trimStart(),
  respaced: (whole: string, prefill: string, dice: Dice) =>
    dice.pick([' ', '\n', '\n\n', '  ', '\t']) + whole.slice(prefill.length).trimStart(),
  overlapping: (whole: string, prefill: string, dice: Dice) =>
    whole.slice(Math.max(0, prefill.length - 1 - dice.roll(90))),
  'overlapping, trimmed': (whole: string, prefill: string, dice: Dice) =>
    whole.slice(Math.max(0, prefill.length - 1 - dice.roll(90))).trimStart(),
  preambling: (whole: string, prefill: string, dice: Dice) => dice.pick(OPENINGS) + whole.slice(prefill.length),
  'preambling, trimmed': (whole: string, prefill: string, dice: Dice) =>
    dice.pick(OPENINGS) + whole.slice(prefill.length).trimStart(),
  restarting: (whole: string) => whole,
  'echoing, trimmed': (whole: string, prefill: string) => prefill + '\n' + whole.slice(prefill.length).trimStart(),
} satisfies Record<string, (whole: string, prefill: string, dice: Dice) => string>;

/** A style of going on. */
export type Style = keyof typeof styles;

/** Cuts a text into pieces at any UTF-16 unit, surrogate pairs included. */
export function pieces(text: string, dice: Dice): string[] {
  const most = dice.pick([1, 2, 5, 20, 200, 5000]);
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const length = 1 + dice.roll(most);
    parts.push(text.slice(at, at + length));
    at += length;
  }
  return parts;
}

/** What is delivered behind the partial answer when a new one comes in these parts, or why it was refused. */
export function joinWith(splice: Splice, parts: readonly string[]): { text: string } | { refused: string } {
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
