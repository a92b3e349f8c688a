/** What the form of a message adds to its text at most, tokens. */
const FORM = 4;

/**
 * A cautious estimate of the tokens of a message: half a token for a letter of ASCII or a space, one for every other
 * UTF-16 unit, so that digits, signs and CJK count one and an emoji two. English has about a quarter token per letter.
 */
export function textTokens(text: string): number {
  let halves = 0;
  for (let at = 0; at < text.length; at++) {
    const lower = text.charCodeAt(at) | 0x20;
    halves += (lower >= 0x61 && lower <= 0x7a) || text.charCodeAt(at) === 0x20 ? 1 : 2;
  }
  return Math.ceil(halves / 2) + FORM;
}

/** The most tokens that messages can have: a tokenizer that falls back to bytes (SentencePiece) spends at most one on each. */
export function mostTokens(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text) + FORM, 0);
}
