import { setTimeout as sleep } from 'node:timers/promises';
import { Household } from '../../bench/processes/household.js';
import { Progress } from '../../bench/report/progress.js';
import { type RunningSimulator, startSimulator } from '../../src/simulator/index.js';
import { mixedFaults } from './faults.js';
import { load, undisturbedTexts } from './load.js';
import { openSocketsTo } from './open-sockets.js';
import { HELP, type Options, readOptions } from './options.js';
import { demandsOn, type Findings, reportText } from './report.js';
import { type Sample, sampleOf } from './samples.js';
import { type SoakedNode, startSoakedNode } from './soaked-node.js';
import { Tally } from './tally.js';
import { SIMULATOR } from './upstream.js';

/** Exit code of wrong arguments. */
const USAGE = 64;
/** Code is still being compiled and pools filled before that, s. */
const WARM_S = 60;
const EVERY_S = 30;
/** Idle connections are kept for 10 s; well after that nothing may be left. ms */
const REST_MS = 20_000;

async function main(): Promise<void> {
  let options: Options;
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
  const household = new Household();
  try {
    const findings = await soak(household, options);
    const demands = demandsOn(findings);
    const json = { ...findings, tally: findings.tally.counts, demands };
    process.stdout.write(options.json ? `${JSON.stringify(json, undefined, 2)}\n` : reportText(findings));
    process.exitCode = demands.every(({ met }) => met) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`\n${household.traces().join('\n')}\n`);
    throw error;
  } finally {
    await household.close();
  }
}

async function soak(household: Household, options: Options): Promise<Findings> {
  const progress = new Progress();
  const tally = new Tally(await undisturbedTexts());
  const simulator = await startSimulator({ ...SIMULATOR, faults: mixedFaults(options.seed) });
  const node = await startSoakedNode(household, simulator.url);
  const samples: Sample[] = [];
  const state = { over: false };
  const watching = watch(node, state, (sample) => {
    samples.push(sample);
    progress.line(
      `${tally.sent} sent, ${tally.whole} whole, ${tally.honest} errors, ${tally.silentCuts} silent cuts, ` +
        `${tally.unanswered} unanswered; heap ${sample.heap.toFixed(1)} MiB, resident ${sample.rss.toFixed(0)} MiB`,
    );
  });
  await load(node.url, tally, options);
  state.over = true;
  await watching;
  progress.line('the traffic is over; waiting for rest');
  const leftovers = await rest(node, simulator);
  const atRest = sampleOf(Math.round(options.minutes * 60), await node.memory());
  const live = await node.live();
  const exit = await node.end();
  await simulator.close();
  progress.stop();
  const traces = Object.fromEntries(tally.examples.map(({ requestId }) => [requestId, node.trace(requestId)]));
  return { options, tally, samples, atRest, leftovers, live, exit, traces };
}

/** Takes a sample each half minute, once the node is warm. */
async function watch(
  node: SoakedNode,
  state: { readonly over: boolean },
  take: (sample: Sample) => void,
): Promise<void> {
  const began = performance.now();
  for (let due = WARM_S; ; due += EVERY_S) {
    while (performance.now() < began + due * 1_000) {
      if (state.over) return;
      await sleep(100);
    }
    take(sampleOf(due, await node.memory()));
  }
}

/** Waits until nothing is left of the traffic, and tells what is when there was time enough. */
async function rest(node: SoakedNode, simulator: RunningSimulator): Promise<Findings['leftovers']> {
  const until = performance.now() + REST_MS;
  for (;;) {
    const leftovers = await leftoversOf(node, simulator);
    if (Object.values(leftovers).every((value) => value === undefined || value === 0)) return leftovers;
    if (performance.now() > until) return leftovers;
    await sleep(500);
  }
}

async function leftoversOf(node: SoakedNode, simulator: RunningSimulator): Promise<Findings['leftovers']> {
  return {
    'calls in flight': await node.metric('l104_calls_in_flight'),
    'attempts in their places': await node.metric('l104_concurrency_in_flight'),
    'calls in queues': await node.metric('l104_queue_length'),
    'memory of bodies': await node.metric('l104_body_memory_bytes'),
    'writes waiting for the store': await node.metric('l104_memory_queue_length'),
    'requests open at the upstream': simulator.journal.open,
    'sockets open to the upstream': openSocketsTo(simulator.port),
  };
}

try {
  await main();
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
