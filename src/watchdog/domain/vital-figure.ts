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
