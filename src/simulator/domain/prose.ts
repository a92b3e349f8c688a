import { type Random } from './seed.js';
import { ENDINGS, HEADINGS, LINKS, OBJECTS, SUBJECTS, VERBS } from './vocabulary.js';

/** The first word of every simulated text, so that nobody takes it for a model's. */
export const SIMULATED = '[simulated]';

/** What a simulated answer has to show. */
export interface ProseWish {
  /** The name in a system instruction that begins "You are …". */
  readonly persona?: string | undefined;
  /** How many user turns the conversation has. */
  readonly turns: number;
  /** The exact number of words wanted; drawn when absent. */
  readonly words?: number | undefined;
}

/** A plausible answer, the same for the same seed: 30 to 120 words unless told, now and then in markdown. */
export function prose(random: Random, wish: ProseWish): string {
  const words = wish.words ?? random.int(30, 120);
  const markdown = wish.words === undefined && random.int(1, 4) === 1;
  const opening = [SIMULATED];
  if (wish.persona !== undefined) opening.push(`${wish.persona} here.`);
  if (wish.turns > 1) opening.push(`This is turn ${wish.turns} of our conversation.`);
  const body = markdown ? markdownBody(random, words) : sentences(random, words);
  const text = `${opening.join(' ')} ${body}`;
  return wish.words === undefined ? text : firstWords(text, words);
}

/** Sentences of at least so many words in all. */
export function sentences(random: Random, words: number): string {
  const made: string[] = [];
  for (let count = 0; count < words;) {
    const next = sentence(random);
    made.push(next);
    count += wordCount(next);
  }
  return made.join(' ');
}

/** How many words a text has, split at white space. */
export function wordCount(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/** The beginning of a text up to so many words. */
export function firstWords(text: string, words: number): string {
  let end = 0;
  let seen = 0;
  for (const match of text.matchAll(/\s*\S+/g)) {
    if (seen === words) break;
    seen++;
    end = match.index + match[0].length;
  }
  return text.slice(0, end);
}

function sentence(random: Random): string {
  const link = random.int(1, 3) === 1 ? `${random.pick(LINKS)} ` : '';
  const core = `${random.pick(SUBJECTS)} ${random.pick(VERBS)} ${random.pick(OBJECTS)} ${random.pick(ENDINGS)}.`;
  return link === '' ? core.charAt(0).toUpperCase() + core.slice(1) : link + core;
}

function markdownBody(random: Random, words: number): string {
  const bullets = Array.from(
    { length: 3 },
    () => `- **${random.pick(SUBJECTS)}** ${random.pick(VERBS)} ${random.pick(OBJECTS)}`,
  );
  const used = bullets.reduce((sum, bullet) => sum + wordCount(bullet), 0);
  return `${sentence(random)}\n\n## ${random.pick(HEADINGS)}\n\n${bullets.join('\n')}\n\n${sentences(random, words - used)}`;
}
