/** How a conversation is measured before it is sent. */
export interface HistorySizes {
  /** Estimated tokens of each turn, oldest first. */
  readonly turns: readonly number[];
  /** Estimated tokens of what is sent in any case: the newest message and the instruction. */
  readonly rest: number;
  /** Tokens there is room for. */
  readonly room: number;
}

/** Tokens of the request that leaves out the `left` oldest turns, by the upstream's own count; undefined when it does not tell. */
export type CountTokens = (left: number) => Promise<number | undefined>;

/** Counts of one request at most. Where all turns are misjudged alike two find the place; more only narrow it down. */
const COUNTS = 4;
/** The least that is tried of a cautious estimate: it may be twice the truth. */
const BOLDEST = 0.5;

/**
 * How many of the oldest turns to leave out so that the request fits, and as few as that needs. Asks for a count only
 * where the estimate does not fit; what was counted as too much is never chosen. With no turn left the request goes
 * as it is: that the newest message alone is too long is for the upstream to say.
 */
export async function turnsToLeave({ turns, rest, room }: HistorySizes, count: CountTokens): Promise<number> {
  const totals = totalsFrom(turns, rest);
  if ((totals[0] as number) <= room) return 0;
  /** The fewest turns that can be left out, where the truth is `scale` times the estimate; half a token is no token. */
  const fewest = (scale: number): number =>
    totals.findIndex((total, left) => left === turns.length || total * scale <= room + 0.5);
  let tooFew = -1;
  let fits = turns.length;
  let scale = BOLDEST;
  for (let asked = 0; asked < COUNTS && tooFew + 1 < fits; asked++) {
    const left = Math.min(Math.max(fewest(scale), tooFew + 1), fits - 1);
    const tokens = await count(left);
    if (tokens === undefined) break;
    scale = tokens / (totals[left] as number);
    if (tokens > room) tooFew = left;
    else fits = left;
    // What comes before does not fit any more, by an estimate that was just set right.
    if (fits === left && (left === 0 || tokens + (turns[left - 1] as number) * scale > room + 0.5)) break;
  }
  return fits < turns.length ? fits : Math.max(tooFew + 1, fewest(Math.max(1, scale)));
}

/** Tokens of the request without the first turn, the first two, …: one more than there are turns. */
function totalsFrom(turns: readonly number[], rest: number): number[] {
  const totals = [rest];
  for (const tokens of [...turns].reverse()) totals.unshift(tokens + (totals[0] as number));
  return totals;
}
