import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Options {
  /** Benchmarks by name; empty means the usual ones. */
  readonly names: readonly string[];
  /** More rounds of the same size. */
  readonly full: boolean;
  readonly json: boolean;
  readonly help: boolean;
  /** Rounds of every comparison. */
  readonly rounds: number;
  /** A second build of this node to be measured beside the first: path of its `main.js`. */
  readonly compare: string | undefined;
}

const QUICK_ROUNDS = 5;
const FULL_ROUNDS = 15;
/** Keeps a mistyped number from running for days. */
const MOST_ROUNDS = 100;

/** Reads the arguments; throws an error with a readable message. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      full: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      rounds: { type: 'string' },
      compare: { type: 'string' },
    },
  });
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds >= 1 && rounds <= MOST_ROUNDS)) {
    throw new Error(`--rounds takes a whole number from 1 to ${MOST_ROUNDS}`);
  }
  return {
    names: positionals,
    full: values.full,
    json: values.json,
    help: values.help,
    rounds: rounds ?? (values.full ? FULL_ROUNDS : QUICK_ROUNDS),
    compare: values.compare,
  };
}

/** Text of `--help`. */
export function helpText(benches: readonly { name: string; about: string; usual: boolean }[]): string {
  const width = Math.max(...benches.map(({ name }) => name.length));
  const list = benches.map(
    ({ name, about, usual }) => `  ${name.padEnd(width)}  ${about}${usual ? '' : ' (only by name)'}`,
  );
  return [
    'npm run bench -- [names] [--full] [--rounds=N] [--json] [--compare=PATH]',
    '',
    ...list,
    '',
    `  --full          ${FULL_ROUNDS} rounds instead of ${QUICK_ROUNDS}`,
    '  --rounds=N      that many rounds',
    '  --json          the report as JSON on standard output',
    '  --compare=PATH  measure the main.js of another build as well, in the same run; profile: that build instead',
    '',
  ].join('\n');
}
