import { type Child, el } from './element.js';
import { NOTHING, rate, seconds, share, span, whole } from './quantity.js';
import { type RecentReading } from './recent-reading.js';
import { type Readings } from './readings.js';
import { sparkline, type SparkScale } from './sparkline.js';

const REFUSED = 'Sign in with ADMIN_TOKEN to see the figures: METRICS_TOKEN is set.';
const UNKNOWN = 'Unknown: the node did not tell how the last minutes were.';
const NO_REQUESTS = 'no requests';

interface Figure {
  readonly series: string;
  readonly label: string;
  readonly value: string;
  readonly note: string;
  readonly scale: SparkScale;
}

/** What users felt in the last minutes, each figure with a small line of the last hour. */
export function feelRegion(recent: Readings['recent']): Child[] {
  if (typeof recent === 'string') return [el('p', {}, recent === 'refused' ? REFUSED : UNKNOWN)];
  return [
    el('dl', { class: 'figures feel' }, ...figuresOf(recent).map((one) => figure(one, recent))),
    el('p', { class: 'span' }, spanText(recent)),
  ];
}

/** The figures are of whole samples of ten seconds: so much of the window may be missing at its beginning, seconds. */
const SAMPLE_SLACK = 15;

/** Of what time the figures are: a young process has not seen all of the window. */
function spanText({ window, covered }: RecentReading): string {
  const lines = 'The lines are the last hour.';
  return covered < window - SAMPLE_SLACK
    ? `Since the start, ${span(covered * 1000)} ago. ${lines}`
    : `The last ${span(window * 1000)}. ${lines}`;
}

function figuresOf(recent: RecentReading): Figure[] {
  const { values } = recent;
  const judged = recent.counts['judged'] ?? 0;
  const perMinute: SparkScale = { from: 'zero', write: (value) => `${rate(value)} a minute` };
  return [
    answered(recent, judged),
    {
      series: 'rescued',
      label: 'Rescued',
      value: judged === 0 ? NOTHING : written(recent.counts['rescued'], whole),
      note: judged === 0 ? NO_REQUESTS : helpText(recent.counts),
      scale: perMinute,
    },
    {
      series: 'first_token_p95',
      label: 'First token p95',
      value: written(values['first_token_p95'], seconds),
      note: typeof values['first_token_p95'] === 'number' ? 'of streams' : 'no streams',
      scale: { from: 'zero', write: seconds },
    },
    {
      series: 'requests',
      label: 'Requests/min',
      value: written(values['requests'], rate),
      note: written(recent.counts['requests'], (count) => `${whole(count)} in all`),
      scale: perMinute,
    },
    {
      series: 'tokens',
      label: 'Tokens/min',
      value: written(values['tokens'], rate),
      note: tokenText(recent.counts),
      scale: perMinute,
    },
  ];
}

function answered({ values, counts }: RecentReading, judged: number): Figure {
  const failed = counts['let_down'] ?? 0;
  return {
    series: 'answered_ratio',
    label: 'Answered',
    value: written(values['answered_ratio'], share),
    note:
      judged === 0
        ? NO_REQUESTS
        : failed === 0
          ? `all of ${whole(judged)}`
          : `${whole(failed)} of ${whole(judged)} failed`,
    scale: { from: 'lowest', write: share },
  };
}

/** What the help was; a call may have needed more than one kind. */
function helpText(counts: RecentReading['counts']): string {
  const kinds = [
    [counts['retries'], 'more attempts'],
    [counts['failovers'], 'by another model'],
    [counts['resumes'], 'resumed'],
  ] as const;
  const told = kinds.flatMap(([number, what]) =>
    number === null || number === undefined || number === 0 ? [] : [`${whole(number)} ${what}`],
  );
  return told.length === 0 ? 'no help was needed' : told.join(', ');
}

function tokenText(counts: RecentReading['counts']): string {
  const [into, out] = [counts['tokens_input'] ?? 0, counts['tokens_output'] ?? 0];
  return into + out === 0 ? 'none' : `${whole(into)} in, ${whole(out)} out`;
}

function written(value: number | null | undefined, write: (value: number) => string): string {
  return value === null || value === undefined ? NOTHING : write(value);
}

function figure({ series, label, value, note, scale }: Figure, { lines }: RecentReading): Child {
  return el(
    'div',
    { 'data-key': series },
    el('dt', {}, label),
    el('dd', {}, el('b', {}, value), sparkline(lines[series] ?? [], scale), el('small', {}, note)),
  );
}
