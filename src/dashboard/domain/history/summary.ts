import { figureText, type PlotUnit } from './figure-text.js';
import { type PlotData } from './plot-data.js';
import { type Plot } from './plots.js';

/** A change below this part of what a line has passed through is no trend but noise. */
const STEADY = 0.15;

/** Tells in words what a plot shows, one sentence for each line: lowest, highest, last value, and where it tends. */
export function plotSummary(plot: Plot, data: PlotData): string {
  return plot.lines.map(({ series, label }) => lineSummary(label, data.values[series] ?? [], plot.unit)).join(' ');
}

function lineSummary(label: string, line: readonly (number | null)[], unit: PlotUnit): string {
  const known = line.filter((value) => value !== null);
  const last = known.at(-1);
  if (last === undefined) return `${label}: nothing known in this time.`;
  const [least, most] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
  if (least === most) return `${label}: ${figureText(last, unit)} throughout.`;
  const between = `${figureText(least, unit)} to ${figureText(most, unit)}`;
  return `${label}: ${between}, last ${figureText(last, unit)}, ${trend(known, most - least)}.`;
}

/** Compares the mean of the last third with that of the first. */
function trend(known: readonly number[], spread: number): string {
  const third = Math.floor(known.length / 3);
  if (third === 0) return 'too few points for a trend';
  const change = (mean(known.slice(-third)) - mean(known.slice(0, third))) / spread;
  if (Math.abs(change) < STEADY) return 'steady';
  return change > 0 ? 'rising' : 'falling';
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
