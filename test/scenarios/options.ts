import { parseArgs } from 'node:util';
import { type Profile, PROFILES } from './profile.js';
import { type Scenario, scenarioName } from './scenario.js';

/** What the command line asks for. */
export interface Options {
  /** Scenarios by number; empty means all. */
  readonly numbers: readonly number[];
  readonly profile: Profile;
  readonly json: boolean;
  readonly help: boolean;
}

/** Reads the arguments; throws an error with a readable message. */
export function readOptions(args: readonly string[], scenarios: readonly Scenario[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      profile: { type: 'string', default: 'full' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { profile: name, json, help } = values;
  if (name !== 'full' && name !== 'fast') throw new Error(`--profile takes full or fast, not ${name}`);
  const numbers = positionals.map((text) => {
    const found = scenarios.find(({ number }) => String(number) === text);
    if (found === undefined) throw new Error(`there is no scenario ${text}`);
    return found.number;
  });
  return { numbers, profile: PROFILES[name], json, help };
}

/** Text of `--help`. */
export function helpText(scenarios: readonly Scenario[]): string {
  const list = scenarios.map((scenario) => `  ${scenarioName(scenario).padEnd(3)}  ${scenario.title}`);
  return [
    'npm run scenarios -- [numbers] [--profile full|fast] [--json]',
    '',
    ...list,
    '',
    '  --profile full  the real times, about two minutes (default)',
    '  --profile fast  an eighth of them',
    '  --json          the scorecard as JSON on standard output',
    '',
    'Exit code 0 when every verdict is at least the expected one, else 1; 64 for wrong arguments.',
    '',
  ].join('\n');
}
