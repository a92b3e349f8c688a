/** What an earlier heal has come to. */
export type Outcome = 'cured' | 'not_cured' | 'unproven';

/** What is known of a heal when the node is looked at again. Times in ms. */
export interface Hindsight {
  /** Time since it ended, and how long it has before it is judged. */
  readonly age: number;
  readonly verifyMs: number;
  /** How long it may stay unjudged for want of evidence. */
  readonly unprovenMs: number;
  /** What it was to cure is still to be seen. */
  readonly present: boolean;
  /** It is not to be seen only because nothing has come that could show it. */
  readonly quiet: boolean;
}

/** Judges a heal by what is seen after it; undefined while that is too early. */
export function judgeHeal({ age, verifyMs, unprovenMs, present, quiet }: Hindsight): Outcome | undefined {
  if (age < verifyMs) return undefined;
  if (present) return 'not_cured';
  if (!quiet) return 'cured';
  return age < unprovenMs ? undefined : 'unproven';
}
