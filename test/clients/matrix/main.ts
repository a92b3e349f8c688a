import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Progress } from '../../../bench/report/progress.js';
import { demandOf, meets } from './expected.js';
import { measure } from './measure.js';
import { FAULTS_OF, PLAYS } from './plays.js';
import { legendText, type Played, tablesText } from './table.js';

/** Exit code of wrong arguments. */
const USAGE = 64;
const HELP = `npm run matrix -- [--write]

Plays every fault with every official package, streamed and in one piece, and prints what their users get as
Markdown; about a minute.

  --write  puts the tables into docs/streams.md, below its mark

Exit code 0 when every cell is what is asked for, else 1; 64 for wrong arguments.
`;
/** What stands below it in the document is written by this. */
const MARK = '<!-- below: npm run matrix -- --write -->\n';
/** From the root of the project, where npm runs scripts. */
const DOCUMENT = join('docs', 'streams.md');

async function main(): Promise<void> {
  let options: { help: boolean; write: boolean };
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}; try --help\n`);
    process.exitCode = USAGE;
    return;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  const played = await play();
  const text = `${legendText()}\n\n${tablesText(played)}`;
  if (options.write) await write(text);
  else process.stdout.write(text);
  const missed = played.flatMap((one) =>
    one.outcomes
      .filter(
        (outcome) => !meets(outcome, demandOf(FAULTS_OF[one.how][outcome.fault] ?? NO_FAULT, outcome.client, one)),
      )
      .map(
        ({ fault, client, got, detail }) =>
          `${one.how} ${one.circumstance.name}: ${fault}, ${client}: ${got} ${detail}`,
      ),
  );
  for (const line of missed) process.stderr.write(`NOT as asked for: ${line}\n`);
  process.exitCode = missed.length === 0 ? 0 : 1;
}

const NO_FAULT = { fault: { kind: 'none' } } as const;

function readOptions(args: readonly string[]): { help: boolean; write: boolean } {
  const { values } = parseArgs({
    args: [...args],
    options: { help: { type: 'boolean', short: 'h', default: false }, write: { type: 'boolean', default: false } },
  });
  return values;
}

async function play(): Promise<readonly Played[]> {
  const progress = new Progress();
  const played: Played[] = [];
  for (const one of PLAYS) {
    const outcomes = await measure(FAULTS_OF[one.how], one);
    played.push({ ...one, outcomes });
    progress.line(`${one.how}, ${one.circumstance.about}: ${outcomes.length} calls`);
  }
  progress.stop();
  return played;
}

async function write(text: string): Promise<void> {
  const document = await readFile(DOCUMENT, 'utf8');
  const at = document.indexOf(MARK);
  if (at < 0) throw new Error(`${DOCUMENT} has lost its mark: ${MARK.trim()}`);
  await writeFile(DOCUMENT, `${document.slice(0, at)}${MARK}\n${text}`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
