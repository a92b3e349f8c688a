import { hashText, Random } from './seed.js';

/** Length of an embedding when the request names none. */
export const DEFAULT_DIMENSIONS = 3_072;
/** The longest embedding that can be asked for. */
export const MAX_DIMENSIONS = 3_072;

/** A vector of length one for a text; the same text and model give the same vector. */
export function embed(model: string, text: string, dimensions = DEFAULT_DIMENSIONS): number[] {
  const random = new Random(hashText(text, hashText(model)));
  const raw = Array.from({ length: dimensions }, () => random.next() * 2 - 1);
  const length = Math.hypot(...raw) || 1;
  return raw.map((value) => Number((value / length).toFixed(8)));
}
