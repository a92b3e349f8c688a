import { type PlotUnit } from './figure-text.js';

/** Room above the highest value, as a part of it. */
const HEADROOM = 0.08;
/** An axis of shares begins here or lower: a scale from 99.9 % to 100 % would make a drama of nothing. */
const SHARE_FLOOR = 0.9;

/** Lowest and highest value of an axis for values that lie between `least` and `most`; both null when none is known. */
export function axisRange(least: number | null, most: number | null, unit: PlotUnit): [number, number] {
  if (unit === 'share') return [Math.min(SHARE_FLOOR, Math.floor((least ?? 1) * 10) / 10), 1];
  // Zero is always on the axis, so that heights can be compared.
  return [0, most === null || most <= 0 ? 1 : most * (1 + HEADROOM)];
}

/** Values between other unknown ones, to which no line leads: they are drawn as points. */
export function isolated(line: readonly (number | null | undefined)[]): number[] {
  const known = (place: number): boolean => (line[place] ?? null) !== null;
  return line.flatMap((_, place) => (known(place) && !known(place - 1) && !known(place + 1) ? [place] : []));
}

/** Steps that an axis of bytes may have: powers of two, up to a tebibyte. */
export const BYTE_STEPS: readonly number[] = Array.from({ length: 41 }, (_, power) => 2 ** power);
