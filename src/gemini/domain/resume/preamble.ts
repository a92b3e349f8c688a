/** A sentence, a colon, an ellipsis or a paragraph that ends here. */
const ENDED = /(?:[.!?:…]\s*|\n\s*\n\s*)$/u;

/** The same for the delivered text, where any line end counts. */
const ENDED_BEFORE = /(?:[.!?:…]\s*|\n\s*)$/u;

/** UTF-16 units of the delivered text in which its last sentence end is looked for; only white space may be between. */
const LOOKED_BACK = 160;

/** What opens something that the new answer would close again behind the text: a quotation, a code block, emphasis. */
const OPENED = /["`“”„«»‹›「」『』<>[\](){}*_~#|]/u;

/**
 * True when `lead`, which stands before the key in a new answer, can only be an introduction ("Sure, continuing: ").
 * The key must go on in the middle of a sentence: in the delivered text no sentence ends before it and it begins with
 * a small letter. Behind a finished sentence it then cannot be the natural text of another answer.
 */
export function isPreamble(lead: string, prefill: string, key: string): boolean {
  return ENDED.test(lead) && !OPENED.test(lead) && goesOnMidSentence(prefill, key);
}

/** True when the text goes on in the middle of a sentence where it was cut, so that an introduction would stand out. */
export function goesOnMidSentence(before: string, key: string): boolean {
  return /^\p{Ll}/u.test(key) && !ENDED_BEFORE.test(before.slice(-LOOKED_BACK));
}
