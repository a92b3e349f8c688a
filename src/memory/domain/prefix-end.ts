const LAST = 0x10ffff;

/**
 * The first text, in the order of code points, that sorts after every text with this prefix;
 * undefined when there is none. UTF-8 bytes sort in that order, so an index finds the range.
 */
export function prefixEnd(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === LAST) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  // Surrogates are no characters: the code point after U+D7FF is U+E000.
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
}
