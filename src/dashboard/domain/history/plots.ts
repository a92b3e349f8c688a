import { type PlotUnit } from './figure-text.js';

/** Colour of a line, by its name in the style sheet. */
export type LineTone = 'info' | 'bad' | 'ok' | 'warn';

/** One line of a plot. */
export interface PlotLine {
  /** Name of the series in `GET /metrics/history`. */
  readonly series: string;
  readonly label: string;
  readonly tone: LineTone;
  /** Lengths of strokes and gaps, px; empty for an unbroken line. No two lines of a plot share one. */
  readonly dash: readonly number[];
}

/** One plot: lines of one unit over time. */
export interface Plot {
  readonly id: string;
  readonly title: string;
  readonly unit: PlotUnit;
  readonly lines: readonly PlotLine[];
}

const LOOKS: readonly Pick<PlotLine, 'tone' | 'dash'>[] = [
  { tone: 'info', dash: [] },
  { tone: 'bad', dash: [8, 4] },
  { tone: 'ok', dash: [2, 3] },
  { tone: 'warn', dash: [10, 3, 2, 3] },
];

function plot(id: string, title: string, unit: PlotUnit, lines: Readonly<Record<string, string>>): Plot {
  const drawn = Object.entries(lines).map(([series, label], n) => ({ series, label, ...look(n) }));
  return { id, title, unit, lines: drawn };
}

function look(n: number): Pick<PlotLine, 'tone' | 'dash'> {
  const found = LOOKS[n];
  if (found === undefined) throw new Error(`a plot has ${LOOKS.length} lines at most`);
  return found;
}

/** Every plot of the page, what users feel first. */
export const PLOTS: readonly Plot[] = [
  plot('traffic', 'Requests', 'per minute', { requests: 'Requests', errors: 'Errors' }),
  plot('answered', 'Answered', 'share', { answered_ratio: 'Answered' }),
  plot('latency', 'Latency', 'seconds', {
    latency_p50: 'Answer p50',
    latency_p95: 'Answer p95',
    first_token_p50: 'First token p50',
    first_token_p95: 'First token p95',
  }),
  plot('tokens', 'Tokens', 'per minute', { tokens_input: 'In', tokens_output: 'Out' }),
  plot('help', 'Requests that needed help', 'per minute', {
    retries: 'Retries',
    failovers: 'Failovers',
    rescued: 'Rescued',
    resumes: 'Resumes',
  }),
  plot('targets', 'Targets out of use', 'count', { circuits_open: 'Circuits open', keys_resting: 'Keys resting' }),
  plot('load', 'Load', 'count', {
    in_flight: 'In flight',
    concurrency_limit: 'Concurrency limit',
    streams_open: 'Streams open',
    queue: 'Waiting',
  }),
  plot('loop', 'Event loop delay', 'seconds', { event_loop_delay: 'Delay' }),
  plot('memory', 'Memory', 'bytes', { heap_bytes: 'Heap', rss_bytes: 'Resident' }),
];

/** The series that all plots together are drawn from, each once. */
export const PLOT_SERIES: readonly string[] = [
  ...new Set(PLOTS.flatMap(({ lines }) => lines.map(({ series }) => series))),
];
