import { type Spread } from './statistics.js';

/** Lays rows out in columns, the first to the left, the others to the right; the first row is the head. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

/** `0.041 (0.039–0.044)`: the median, and the range over the rounds. */
export function spreadText({ median, min, max }: Spread, digits: number, sign = ''): string {
  if (Number.isNaN(median)) return '–';
  return `${sign}${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}

/** `3.1× (2.9–3.4)`. */
export function ratioText({ median, min, max }: Spread): string {
  if (Number.isNaN(median)) return '–';
  return `${median.toFixed(2)}× (${min.toFixed(2)}–${max.toFixed(2)})`;
}
