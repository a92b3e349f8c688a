import { Progress } from '../../bench/report/progress.js';
import { helpText, type Options, readOptions } from './options.js';
import { isAsExpected, scorecardJson, scorecardText } from './report.js';
import { SCENARIOS } from './scenarios.js';
import { runTrial, type Trial, type TrialResult, trialsOf } from './trial.js';

/** Exit code of wrong arguments. */
const USAGE = 64;
/** Trials at a time: each is a node, a simulator and a caller that mostly wait. */
const AT_ONCE = 12;

async function main(): Promise<void> {
  let options: Options;
  try {
    options = readOptions(process.argv.slice(2), SCENARIOS);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}; try --help\n`);
    process.exitCode = USAGE;
    return;
  }
  if (options.help) {
    process.stdout.write(helpText(SCENARIOS));
    return;
  }
  const { numbers, profile, json } = options;
  const chosen = SCENARIOS.filter(({ number }) => numbers.length === 0 || numbers.includes(number));
  const results = await play(trialsOf(chosen), options);
  process.stdout.write(
    json ? `${JSON.stringify(scorecardJson(results, profile), undefined, 2)}\n` : scorecardText(results, profile),
  );
  process.exitCode = results.every(isAsExpected) ? 0 : 1;
}

/** Plays all trials, some at a time; the results stand in the order of the trials. */
async function play(trials: readonly Trial[], { profile }: Options): Promise<readonly TrialResult[]> {
  const progress = new Progress();
  const results: TrialResult[] = [];
  const left = trials.entries();
  const work = async (): Promise<void> => {
    for (const [at, trial] of left) {
      const result = await runTrial(trial, profile);
      results[at] = result;
      progress.line(`${trial.name}: ${result.verdict}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  progress.stop();
  return results;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
