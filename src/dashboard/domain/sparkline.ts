import { type Child, el } from './element.js';
import { type LinePoint } from './recent-reading.js';

/** How a small line is drawn. */
export interface SparkScale {
  /** Where its lower edge is: zero, or just below the lowest value for what is nearly always full. */
  readonly from: 'zero' | 'lowest';
  /** Writes a value for those who hear the line. */
  readonly write: (value: number) => string;
}

const [WIDTH, HEIGHT] = [120, 24];
/** Room for the stroke at the edges. */
const EDGE = 2;

/** A small line of the last hour, with gaps where nothing is known, and a summary for those who hear the page. */
export function sparkline(points: readonly LinePoint[], { from, write }: SparkScale): Child {
  const values = points.flatMap(([, value]) => (value === null ? [] : [value]));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const summary =
    values.length === 0
      ? 'Nothing in the last hour.'
      : `Last hour: lowest ${write(low)}, highest ${write(high)}, last ${write(values.at(-1) ?? 0)}.`;
  const drawn = values.length === 0 ? [] : [el('path', { d: lineOf(points, from === 'zero' ? 0 : low, high) })];
  return el(
    'span',
    { class: 'spark', title: summary },
    el(
      'svg',
      {
        viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
        preserveAspectRatio: 'none',
        'aria-hidden': 'true',
        focusable: 'false',
      },
      ...drawn,
    ),
    el('span', { class: 'unseen' }, summary),
  );
}

function lineOf(points: readonly LinePoint[], low: number, high: number): string {
  const step = WIDTH / Math.max(1, points.length - 1);
  // What never changes lies in the middle of its range when that is nothing, and at the top when it is from zero.
  const height = (value: number): number => (high === low ? (low === 0 ? 0 : 1) : (value - low) / (high - low));
  const y = (value: number): string => (HEIGHT - EDGE - height(value) * (HEIGHT - 2 * EDGE)).toFixed(1);
  let path = '';
  let broken = true;
  for (const [n, [, value]] of points.entries()) {
    if (value === null) broken = true;
    else {
      const at = `${(n * step).toFixed(1)} ${y(value)}`;
      // A point alone is a dot, which a line without length is not everywhere.
      path += broken ? `M${at}h.1` : `L${at}`;
      broken = false;
    }
  }
  return path;
}
