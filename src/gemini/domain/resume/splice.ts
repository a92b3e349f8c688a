/** Joins a new answer to a text that was delivered already. */
export interface Splice {
  /** Takes the next text of the new answer; the text to deliver now ('' while it is not known what fits). Throws SpliceRefused. */
  push(text: string): string;
  /** The new answer is complete: what is left to deliver. Throws SpliceRefused. */
  end(): string;
  /** True once the seam is found: from here on the new answer flows through. */
  readonly joined: boolean;
}

/**
 * Why a new answer cannot be joined: the end of the delivered text is not found where it must be (`no_seam`), that
 * end does not tell its place (`ambiguous`), the new answer says something else (`other_answer`), or it ended before
 * it reached the end of what was delivered (`too_short`).
 */
export type SpliceRefusal = 'no_seam' | 'ambiguous' | 'other_answer' | 'too_short';

/** The new answer cannot be joined without a risk of doubled, lost or foreign text. */
export class SpliceRefused extends Error {
  constructor(readonly why: SpliceRefusal) {
    super(`the new answer cannot be joined: ${why}`);
    this.name = 'SpliceRefused';
  }
}
