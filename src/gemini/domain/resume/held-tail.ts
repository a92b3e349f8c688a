/** Fewest UTF-16 units of a text that is looked for: less is found by chance. */
const LEAST_KEY = 20;

/** Fewest different characters in it: rules, dots and `la la la` are found anywhere. */
const LEAST_DISTINCT = 8;

/**
 * What is looked for in a new answer: the held tail without its leading white space, which models drop or change
 * where they go on. That space is with the client already.
 */
export function keyOf(held: string): string {
  return held.trimStart();
}

/** True when a key is too plain to be looked for: short, or of few different characters. */
export function isPlain(key: string): boolean {
  return key.length < LEAST_KEY || new Set(withoutSpace(key)).size < LEAST_DISTINCT;
}

/** A text without its white space, which a model may change where it goes on, or when it repeats what it was sent. */
export function withoutSpace(text: string): string {
  return text.replace(/\s+/gu, '');
}

/**
 * True when a key stands nowhere in the delivered text but at its end, whatever white space is in either (both are
 * given without it). Only then does finding it tell the place: a new answer that starts anywhere in the delivered
 * text meets the key for the first time at the text's end, so that no second reading (one period, one row, one list
 * item further back) is left, also not one that a blank line more or less at the cut would make.
 */
export function standsOnce(key: string, delivered: string): boolean {
  return delivered.indexOf(key) === delivered.length - key.length;
}
