/** What makes a figure a stock, which fills up or runs out and can be forecast. */
export interface Filling {
  /** What its end would be, as the subject of a sentence. */
  readonly subject: string;
  /** What a person can do before, as one sentence. */
  readonly advice: string;
  /** How much is in use for good, where the value holds what may be given back at any time; null while it is not known. */
  readonly settled?: number | null;
}

/** A reading of a vital as a number. */
export interface VitalFigure {
  readonly name: string;
  /** Null while nothing is known. */
  readonly value: number | null;
  readonly unit: 'seconds' | 'bytes' | 'count';
  /** Null where there is none. */
  readonly limit: number | null;
  /** On which side of the limit it should stay. */
  readonly stays: 'below' | 'above';
  /** When it was read, epoch ms. */
  readonly at: number;
  /** Undefined where it is no stock. */
  readonly fills?: Filling;
}

/** How a reading stands to its limit: `over` is what the vital itself complains of, `near` is four fifths of the way there. */
export type VitalLevel = 'ok' | 'near' | 'over' | 'unknown';

const NEAR = 0.8;

/** The word for a reading; `troubled` when its vital has found something. */
export function levelOf({ value, limit, stays }: VitalFigure, troubled: boolean): VitalLevel {
  if (troubled) return 'over';
  if (value === null) return 'unknown';
  if (limit === null) return 'ok';
  const used = stays === 'below' ? value / limit : limit / value;
  return used >= NEAR ? 'near' : 'ok';
}
