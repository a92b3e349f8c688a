import { type PlotUnit, figureText } from '../../domain/history/figure-text.js';
import { type HealMark } from '../../domain/history/heal-marks.js';
import { type LineTone, type Plot } from '../../domain/history/plots.js';
import { axisRange, BYTE_STEPS, isolated } from '../../domain/history/scales.js';
import { axisTime } from '../../domain/history/time-text.js';
import { type DrawnPlot } from './plot-library.js';

/** Colours of a plot, as the style sheet has them at this moment. */
export interface PlotColours {
  readonly text: string;
  readonly grid: string;
  readonly font: string;
  readonly line: (tone: LineTone) => string;
}

/** What a plot is asked for while it is drawn. */
export interface PlotSource {
  /** First and last second of the time shown. */
  readonly span: () => [number, number];
  readonly marks: () => readonly HealMark[];
  /** Told the place of the point under the pointer; null when there is none. */
  readonly pointed: (place: number | null) => void;
}

/** Height of a plot, px: low enough to see three at once. */
export const PLOT_HEIGHT = 170;
/** Room for the figures of the axis, px: "1,000/min" in the font of the axis. */
const AXIS_WIDTH = 68;
/** Room for the times below a plot, px: one line of the font of the axis. */
const TIMES_HEIGHT = 30;
/** Least distance of the times on the axis, px. */
const TIME_SPACE = 70;
const MARK_DASH = [3, 3];
/** Half the width of the head of a mark, px. */
const MARK_HEAD = 5;

/** Options of uPlot for a plot. */
export function plotOptions(plot: Plot, width: number, colours: PlotColours, source: PlotSource): object {
  return {
    width,
    height: PLOT_HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { time: true, range: source.span },
      y: { range: (_: unknown, least: number | null, most: number | null) => axisRange(least, most, plot.unit) },
    },
    axes: axes(plot.unit, colours),
    series: [{}, ...plot.lines.map(({ label, tone, dash }) => line(label, colours.line(tone), dash))],
    hooks: {
      draw: [
        (drawn: DrawnPlot) => {
          drawMarks(drawn, source.marks(), colours.text);
        },
      ],
      setCursor: [
        (drawn: DrawnPlot) => {
          source.pointed(drawn.cursor.idx ?? null);
        },
      ],
    },
  };
}

function line(label: string, stroke: string, dash: readonly number[]): object {
  return {
    label,
    stroke,
    width: 2,
    ...(dash.length > 0 ? { dash } : {}),
    spanGaps: false,
    points: { show: false, filter: (drawn: DrawnPlot, place: number) => isolated(drawn.data[place] ?? []), size: 5 },
  };
}

function axes(unit: PlotUnit, { text, grid, font }: PlotColours): object[] {
  const look = { stroke: text, font, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1, size: 4 } };
  // uPlot hands over the plot, the places on the axis, the axis, their distance in px, and in seconds.
  const times = (...[, splits, , , step]: [unknown, number[], number, number, number]): string[] =>
    splits.map((split) => axisTime(split, step));
  const figures = (_: unknown, splits: number[]): string[] => splits.map((split) => figureText(split, unit));
  return [
    { ...look, values: times, space: TIME_SPACE, size: TIMES_HEIGHT },
    { ...look, values: figures, size: AXIS_WIDTH, ...(unit === 'bytes' ? { incrs: BYTE_STEPS } : {}) },
  ];
}

/** A broken line for each heal, with a head that tells it from the grid without colour. */
function drawMarks(drawn: DrawnPlot, marks: readonly HealMark[], colour: string): void {
  const { ctx, bbox } = drawn;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = 1;
  ctx.setLineDash(MARK_DASH);
  for (const { time } of marks) {
    const x = Math.round(drawn.valToPos(time, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(x - MARK_HEAD, bbox.top);
    ctx.lineTo(x + MARK_HEAD, bbox.top);
    ctx.lineTo(x, bbox.top + MARK_HEAD * 2);
    ctx.closePath();
    ctx.fill();
  }
  ctx.restore();
}
