import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Options {
  /** How long traffic lasts, minutes. */
  readonly minutes: number;
  /** Requests in a second, sent at fixed times whatever becomes of those before. */
  readonly rate: number;
  /** Start of the chance behind traffic and faults. */
  readonly seed: number;
  readonly json: boolean;
  readonly help: boolean;
}

const MOST_MINUTES = 24 * 60;
/** One process makes all the load and plays the upstream. */
const MOST_PER_SECOND = 500;

/** Reads the arguments; throws an error with a readable message. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '10' },
      rate: { type: 'string', default: '50' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return {
    minutes: number('minutes', values.minutes, MOST_MINUTES),
    rate: number('rate', values.rate, MOST_PER_SECOND),
    seed: number('seed', values.seed, 2 ** 31),
    json: values.json,
    help: values.help,
  };
}

/** Text of `--help`. */
export const HELP = [
  'npm run soak -- [--minutes 10] [--rate 50] [--seed 1] [--json]',
  '',
  '  --minutes N  how long traffic lasts',
  '  --rate N     requests in a second',
  '  --seed N     another mixture of requests and faults',
  '  --json       the report as JSON on standard output',
  '',
  'Exit code 0 when every demand is met, else 1; 64 for wrong arguments.',
  '',
].join('\n');

function number(name: string, text: string, most: number): number {
  const value = Number(text);
  if (value > 0 && value <= most) return value;
  throw new Error(`--${name} takes a number above 0, at most ${most}, not ${text}`);
}
