import { tableText } from '../../bench/report/table.js';
import { formName } from '../scenarios/calls/forms.js';
import { seconds } from '../scenarios/verdict.js';
import { type Options } from './options.js';
import { heapGrowth, type Sample } from './samples.js';
import { type Tally } from './tally.js';
import { FORMS } from './traffic.js';

/** What was found. */
export interface Findings {
  readonly options: Options;
  readonly tally: Tally;
  readonly samples: readonly Sample[];
  /** Memory when the traffic was over and everything had come to rest. */
  readonly atRest: Sample;
  /** What should have gone back to nothing, by name; undefined where it could not be read. */
  readonly leftovers: Readonly<Record<string, number | undefined>>;
  /** Status of `/health/live` at the end. */
  readonly live: number;
  readonly exit: number | string | null;
  /** What the log of the node says of the examples, by request id. */
  readonly traces: Readonly<Record<string, readonly string[]>>;
}

/** One demand, and whether it is met. */
export interface Demand {
  readonly met: boolean;
  readonly text: string;
}

/** The most the heap may have grown from the first third of the samples to the last. */
const MOST_GROWTH = 0.1;

/** The demands on a node that has been soaked. */
export function demandsOn({ tally, samples, leftovers, live, exit }: Findings): readonly Demand[] {
  const growth = heapGrowth(samples);
  const grown =
    growth === undefined
      ? 'not judged, too few samples: run for two minutes or more'
      : `${(growth * 100).toFixed(1)} %, from the first third of ${samples.length} samples to the last`;
  return [
    { met: tally.silentCuts === 0, text: `no silent cuts (${tally.silentCuts})` },
    { met: tally.unanswered === 0, text: `no call unanswered (${tally.unanswered})` },
    { met: tally.settled === tally.sent, text: `every call accounted for (${tally.settled} of ${tally.sent})` },
    { met: tally.whole > tally.sent / 2, text: `most calls answered whole (${tally.whole} of ${tally.sent})` },
    {
      met: growth === undefined || growth <= MOST_GROWTH,
      text: `heap grown by at most ${MOST_GROWTH * 100} % (${grown})`,
    },
    ...Object.entries(leftovers).map(([name, value]) => ({
      met: value === undefined || value === 0,
      text: `${name} back to 0 (${value ?? 'cannot be read here'})`,
    })),
    { met: live === 200, text: `the node lives (${live})` },
    { met: exit === 0, text: `the node leaves with exit code 0 (${exit ?? 'none'})` },
  ];
}

/** The report as text. */
export function reportText(findings: Findings): string {
  const { options, tally, samples, atRest } = findings;
  const { minutes, rate, seed } = options;
  const rows = [...samples, atRest].map((sample) => [
    sample === atRest ? 'at rest' : `${sample.second} s`,
    ...[sample.heap, sample.external, sample.rss].map((mib) => mib.toFixed(1)),
  ]);
  const lines = [
    '',
    `${minutes} minutes at ${rate} calls/s, seed ${seed}; slowest call ${seconds(tally.slowestMs)}.`,
    '',
    tableText(countRows(tally)),
    ...exampleLines(findings),
    '',
    'Errors that said so',
    '',
    tableText(errorRows(tally)),
    '',
    'Memory of the node after a collection, MiB',
    '',
    tableText([['at', 'heap', 'external', 'resident'], ...rows]),
    '',
    ...demandsOn(findings).map(({ met, text }) => `${met ? 'met    ' : 'NOT MET'}  ${text}`),
  ];
  return `${lines.join('\n')}\n`;
}

function countRows(tally: Tally): string[][] {
  const { sent, whole, left, honest, silentCuts, unanswered } = tally;
  const counts: readonly (readonly [string, number])[] = [
    ['sent', sent],
    ['answered whole', whole],
    ['left by the caller', left],
    ['errors that said so', honest],
    ['silent cuts', silentCuts],
    ['unanswered', unanswered],
  ];
  return [
    ['calls', 'number', '%'],
    ...counts.map(([name, count]) => [name, String(count), ((count / sent) * 100).toFixed(2)]),
  ];
}

function errorRows(tally: Tally): string[][] {
  const names = FORMS.map(formName);
  const rows = [...tally.errors].map(([code, forms]) => [code, ...names.map((name) => String(forms.get(name) ?? '–'))]);
  return [['code', ...names], ...rows.sort(([one = ''], [other = '']) => one.localeCompare(other))];
}

function exampleLines({ tally, traces }: Findings): string[] {
  return tally.examples.flatMap(({ text, requestId }) => [
    `  ${text}`,
    ...(traces[requestId] ?? []).map((line) => `    ${line}`),
  ]);
}
