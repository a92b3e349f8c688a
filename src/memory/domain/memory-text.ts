/**
 * What is wrong with a text as a key or value, in words that follow its name; undefined when it can be stored
 * and comes back as it was.
 * Lengths count characters as JSON Schema and PostgreSQL do: Unicode code points, so an emoji is one.
 */
export function textProblem(text: string, max: number): string | undefined {
  if (text === '') return 'must not be empty';
  if (codePoints(text, max) > max) return `must not be longer than ${max} characters`;
  // PostgreSQL takes no U+0000, and a lone surrogate becomes U+FFFD on its way into any file.
  if (text.includes('\0')) return 'must not hold the character U+0000';
  if (/\p{Surrogate}/u.test(text)) return 'must be Unicode text: it holds half of a surrogate pair';
  return undefined;
}

/** Characters of a text, or something above `max` when they are certainly more. */
function codePoints(text: string, max: number): number {
  // A code point takes one unit or two: most texts need no counting.
  if (text.length <= max || text.length > 2 * max) return text.length;
  return Array.from(text).length;
}
