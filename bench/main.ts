import { type Bench, type Findings, type Section } from './bench.js';
import { BENCHES } from './benches.js';
import { helpText, type Options, readOptions } from './options.js';
import { type Machine, machineFacts, machineText } from './report/machine.js';
import { tableText } from './report/table.js';
import { RunningStage } from './running-stage.js';

/** Exit code of wrong arguments. */
const USAGE = 64;

interface Report {
  readonly machine: Machine;
  readonly rounds: number;
  readonly benches: readonly ({ readonly name: string } & Findings)[];
  readonly memory: Section | undefined;
}

async function main(): Promise<void> {
  let options: Options;
  let chosen: readonly Bench[];
  try {
    options = readOptions(process.argv.slice(2));
    chosen = choose(options.names);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}; try --help\n`);
    process.exitCode = USAGE;
    return;
  }
  if (options.help) {
    process.stdout.write(helpText(BENCHES));
    return;
  }
  const report = await measure(options, chosen);
  process.stdout.write(options.json ? `${JSON.stringify(report, undefined, 2)}\n` : reportText(report));
}

function choose(names: readonly string[]): readonly Bench[] {
  if (names.length === 0) return BENCHES.filter(({ usual }) => usual);
  return names.map((name) => {
    const found = BENCHES.find((bench) => bench.name === name);
    if (found === undefined) throw new Error(`there is no benchmark called ${name}`);
    return found;
  });
}

async function measure(options: Options, chosen: readonly Bench[]): Promise<Report> {
  const machine = machineFacts();
  const stage = new RunningStage(options);
  try {
    const benches: ({ name: string } & Findings)[] = [];
    for (const bench of chosen) benches.push({ name: bench.name, ...(await bench.run(stage)) });
    return { machine, rounds: options.rounds, benches, memory: await stage.memory() };
  } catch (error) {
    process.stderr.write(`\n${stage.household.traces().join('\n')}\n`);
    throw error;
  } finally {
    await stage.close();
  }
}

function reportText({ machine, rounds, benches, memory }: Report): string {
  const lines = ['', machineText(machine), `Medians of ${rounds} rounds, in brackets the least and the greatest.`];
  const sections = benches.flatMap((bench) => bench.sections);
  for (const { title, table, notes = [] } of memory === undefined ? sections : [...sections, memory]) {
    lines.push('', title, '', tableText(table), ...notes);
  }
  const verdicts = benches.flatMap((bench) => bench.verdicts);
  if (verdicts.length > 0) lines.push('', 'Targets', '');
  for (const { met, text } of verdicts) lines.push(`${met ? 'met    ' : 'NOT MET'}  ${text}`);
  return `${lines.join('\n')}\n`;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
