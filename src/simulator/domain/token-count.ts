/** Characters per token; the simulator's fixed stand-in for a tokenizer. */
const CHARS_PER_TOKEN = 4;

/** What one image, sound or file part counts as, in tokens. */
export const MEDIA_TOKENS = 258;

/** How many tokens so many characters are. */
export function tokensIn(chars: number): number {
  return Math.ceil(chars / CHARS_PER_TOKEN);
}

/** The longest beginning of a text within a number of tokens; never ends inside a surrogate pair. */
export function firstTokens(text: string, tokens: number): string {
  const end = tokens * CHARS_PER_TOKEN;
  if (text.length <= end) return text;
  return text.slice(0, isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end);
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
