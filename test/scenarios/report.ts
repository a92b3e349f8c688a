import { tableText } from '../../bench/report/table.js';
import { formName } from './calls/forms.js';
import { type Profile } from './profile.js';
import { scenarioName } from './scenario.js';
import { type TrialResult } from './trial.js';
import { asGoodAs, seconds } from './verdict.js';

const COLUMNS = ['native stream', 'native unary', 'openai stream', 'openai unary'];
const SURFACES = ['native', 'openai'] as const;

/** How many scenarios passed on a surface, in every form and variant. */
interface Total {
  readonly surface: string;
  readonly passed: number;
  readonly of: number;
}

/** The scorecard as text. */
export function scorecardText(results: readonly TrialResult[], profile: Profile): string {
  const lines = [
    '',
    `Profile ${profile.name}. Each cell: verdict, attempts that reached the upstream, time of the slowest call.`,
    '',
    tableText([['scenario', ...COLUMNS], ...rows(results)]),
  ];
  const other = results.filter(({ verdict }) => verdict !== 'pass');
  if (other.length > 0) lines.push('', 'Not passed', '');
  for (const { trial, verdict, reason } of other)
    lines.push(`${trial.name.padEnd(17)}  ${verdict.padEnd(7)}  ${reason}`);
  lines.push(
    '',
    totals(results)
      .map(({ surface, passed, of }) => `${surface}: ${passed} of ${of}`)
      .join('    '),
  );
  lines.push(...expectationLines(results));
  return `${lines.join('\n')}\n`;
}

/** The scorecard for programs. */
export function scorecardJson(results: readonly TrialResult[], profile: Profile): unknown {
  return {
    profile: profile.name,
    totals: totals(results),
    as_expected: results.every(isAsExpected),
    results: results.map(({ trial, verdict, reason, attempts, ms }) => ({
      scenario: trial.scenario.number,
      variant: trial.scenario.variant ?? null,
      title: trial.scenario.title,
      ...trial.form,
      verdict,
      expected: trial.expected,
      reason,
      attempts,
      ms: Math.round(ms),
    })),
  };
}

/** Whether a verdict is at least the expected one. */
export function isAsExpected({ trial, verdict }: TrialResult): boolean {
  return asGoodAs(verdict, trial.expected);
}

function rows(results: readonly TrialResult[]): readonly (readonly string[])[] {
  const scenarios = [...new Set(results.map(({ trial }) => trial.scenario))];
  return scenarios.map((scenario) => [
    `${scenarioName(scenario).padEnd(4)} ${scenario.title}`,
    ...COLUMNS.map((column) => {
      const found = results.find(({ trial }) => trial.scenario === scenario && formName(trial.form) === column);
      return found === undefined ? '–' : `${found.verdict} ${found.attempts}× ${seconds(found.ms).padStart(7)}`;
    }),
  ]);
}

function totals(results: readonly TrialResult[]): readonly Total[] {
  return SURFACES.map((surface) => {
    const here = results.filter(({ trial }) => trial.form.surface === surface);
    const numbers = new Set(here.map(({ trial }) => trial.scenario.number));
    const spoilt = new Set(here.filter(({ verdict }) => verdict !== 'pass').map(({ trial }) => trial.scenario.number));
    return { surface, passed: numbers.size - spoilt.size, of: numbers.size };
  });
}

function expectationLines(results: readonly TrialResult[]): readonly string[] {
  const worse = results.filter((result) => !isAsExpected(result));
  const better = results.filter((result) => isAsExpected(result) && result.verdict !== result.trial.expected);
  const lines = worse.map(
    ({ trial, verdict }) => `WORSE than expected: ${trial.name} is ${verdict}, not ${trial.expected}`,
  );
  for (const { trial, verdict } of better)
    lines.push(
      `better than expected: ${trial.name} is ${verdict}, no longer ${trial.expected} (test/scenarios/expected.ts)`,
    );
  return lines.length > 0 ? lines : ['Every verdict is the expected one.'];
}
