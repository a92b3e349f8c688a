/** A span of time up to now that the plots can show. */
export interface PlotRange {
  readonly id: string;
  /** As its button says it. */
  readonly label: string;
  readonly seconds: number;
  /** Time between two looks at the history, s: the node takes a sample every ten, and longer steps change more slowly. */
  readonly refreshSeconds: number;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The spans that can be chosen, the shortest first. */
export const PLOT_RANGES: readonly PlotRange[] = [
  { id: '15m', label: '15 min', seconds: 15 * MINUTE, refreshSeconds: 10 },
  { id: '1h', label: '1 h', seconds: HOUR, refreshSeconds: 10 },
  { id: '6h', label: '6 h', seconds: 6 * HOUR, refreshSeconds: 30 },
  { id: '24h', label: '24 h', seconds: DAY, refreshSeconds: 60 },
  { id: '3d', label: '3 d', seconds: 3 * DAY, refreshSeconds: 60 },
  { id: '7d', label: '7 d', seconds: 7 * DAY, refreshSeconds: 60 },
];

/** The span that is shown first: one in which what has just happened can still be told apart. */
export const FIRST_RANGE = '1h';

/** A span by its id; the first one for an id that there is none of. */
export function rangeOf(id: string): PlotRange {
  const found = PLOT_RANGES.find((range) => range.id === id) ?? PLOT_RANGES.find((range) => range.id === FIRST_RANGE);
  if (found === undefined) throw new Error(`there is no span ${FIRST_RANGE}`);
  return found;
}
