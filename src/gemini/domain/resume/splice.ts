/** Joins a new answer to a text that was delivered already. */
export interface Splice {
  /** Takes the next text of the new answer; the text to deliver now ('' while it is not known what fits). Throws SpliceRefused. */
  push(text: string): string;
  /** The new answer is complete: what is left to deliver. Throws SpliceRefused. */
  end(): string;
  /** True once the seam is found: from here on the new answer flows through. */
  readonly joined: boolean;
}

/** The new answer does not go on with what was delivered. */
export class SpliceRefused extends Error {
  constructor(readonly why: 'no_seam' | 'ambiguous' | 'other_answer' | 'too_short') {
    super(why);
  }
}
