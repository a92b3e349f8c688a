import { type PrefillStyle } from './directives.js';
import { firstWords, sentences, wordCount } from './prose.js';
import { Random } from './seed.js';

/** What follows a partial answer. */
export interface Continuation {
  readonly text: string;
  /** Where in the full text it starts, when it is an exact continuation of it. */
  readonly offset: number | undefined;
}

/** How many words an overlapping continuation repeats. */
const OVERLAP_WORDS = 4;

/** Continues a partial answer in one of the styles real models show. */
export function continuePartial(full: string, partial: string, style: PrefillStyle, seed: number): Continuation {
  const offset = matchPrefix(full, partial);
  const random = new Random(seed ^ 0x5eed);
  // A partial answer of somebody else's wording is carried on with fresh sentences, as a model would.
  const rest = offset === undefined ? freshWords(full, partial, random) : full.slice(offset);
  switch (style) {
    case 'exact':
      return { text: rest, offset };
    case 'trimming':
      return { text: rest.trimStart(), offset: undefined };
    case 'overlapping':
      return { text: lastWords(partial, OVERLAP_WORDS).trimStart() + rest, offset: undefined };
    case 'preamble':
      return { text: `Sure, continuing: ${rest.trimStart()}`, offset: undefined };
    case 'restarting':
      return { text: offset === undefined ? partial + rest : full, offset: undefined };
    case 'unrelated':
      return { text: sentences(random, 30), offset: undefined };
  }
}

function freshWords(full: string, partial: string, random: Random): string {
  const seam = partial === '' || isSpace(partial, partial.length - 1) ? '' : ' ';
  return seam + sentences(random, Math.max(12, wordCount(full) - wordCount(partial)));
}

/**
 * Where a text goes on after a beginning of it; runs of white space match any other run, and white space at the end of
 * the beginning is not asked of the text. Nothing when it is not a beginning.
 */
function matchPrefix(full: string, partial: string): number | undefined {
  let at = 0;
  let i = 0;
  while (i < partial.length) {
    if (isSpace(partial, i)) {
      const spaceEnd = skipSpace(partial, i);
      const next = skipSpace(full, at);
      if (next === at && spaceEnd < partial.length && i > 0) return undefined;
      at = next;
      i = spaceEnd;
    } else if (full[at] === partial[i]) {
      at++;
      i++;
    } else {
      return undefined;
    }
  }
  return at;
}

function lastWords(text: string, count: number): string {
  const words = wordCount(text);
  return words <= count ? text : text.slice(firstWords(text, words - count).length);
}

function isSpace(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 32 || (code >= 9 && code <= 13);
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text, at)) at++;
  return at;
}
