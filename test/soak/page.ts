// `npm run page-soak`: what the page at `/` costs a browser that leaves it open, and whether it grows.
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';
import { Household } from '../../bench/processes/household.js';
import { startSimulator } from '../../src/simulator/index.js';
import { growth, type PageSample } from './page-figures.js';
import { type SoakedNode, startSoakedNode } from './soaked-node.js';

/** Most that the page may take of a core while nothing happens, %. */
const MOST_IDLE = 2;
/** Most that its memory may grow, MiB per minute: with thousands of events in that minute, a leak is more. */
const MOST_GROWTH = 0.05;
/** Time between two samples of the memory, ms. */
const SAMPLE_MS = 10_000;
/** The page loads, draws its plots and settles, ms. */
const SETTLE_MS = 10_000;

/** CPU time of all processes of a browser, ms, by their kind. */
async function processTimes(system: CDPSession): Promise<Map<string, number>> {
  const { processInfo } = await system.send('SystemInfo.getProcessInfo');
  const times = new Map<string, number>();
  for (const { type, cpuTime } of processInfo) times.set(type, (times.get(type) ?? 0) + cpuTime * 1000);
  return times;
}

async function metrics(session: CDPSession): Promise<Map<string, number>> {
  const { metrics: told } = await session.send('Performance.getMetrics');
  return new Map(told.map(({ name, value }) => [name, value]));
}

/** What the page takes of a core while nothing happens, %: its own tasks, and each kind of process of the browser. */
async function idle(browser: Browser, session: CDPSession, seconds: number): Promise<Map<string, number>> {
  const system = await browser.newBrowserCDPSession();
  const [began, tasks, times] = [performance.now(), await metrics(session), await processTimes(system)];
  await sleep(seconds * 1000);
  const [after, later] = [await metrics(session), await processTimes(system)];
  const wall = performance.now() - began;
  const share = (ms: number): number => (ms / wall) * 100;
  const own = ((after.get('TaskDuration') ?? 0) - (tasks.get('TaskDuration') ?? 0)) * 1000;
  const kinds = [...later].map(([kind, ms]): [string, number] => [
    `process ${kind}`,
    share(ms - (times.get(kind) ?? 0)),
  ]);
  return new Map([['tasks of the page', share(own)], ...kinds]);
}

/** Makes events as fast as they are read, and has the history drawn anew, until the time is up. */
async function stir(page: Page, node: SoakedNode, minutes: number, take: () => Promise<void>): Promise<number> {
  const until = performance.now() + minutes * 60_000;
  const { circuits } = (await (await fetch(`${node.url}/self/circuits`)).json()) as { circuits: { name: string }[] };
  const path = `${node.url}/self/circuits/${encodeURIComponent(circuits[0]?.name ?? '')}`;
  let events = 0;
  for (let due = performance.now(); performance.now() < until; events += 2) {
    const act = events % 4 === 0 ? 'isolate' : 'release';
    await (await fetch(`${path}/${act}`, { method: 'POST' })).text();
    if (events % 40 === 0) await page.locator(events % 80 === 0 ? '#range-15m' : '#range-1h').dispatchEvent('change');
    if (performance.now() >= due) {
      await take();
      due = performance.now() + SAMPLE_MS;
    }
    await sleep(100);
  }
  return events;
}

async function measure(household: Household, seconds: number, minutes: number): Promise<void> {
  const simulator = await startSimulator();
  const node = await startSoakedNode(household, simulator.url);
  const body = '{"contents":[{"parts":[{"text":"Hello"}]}]}';
  await (await fetch(`${node.url}/v1beta/models/gemini-2.5-flash:generateContent`, { method: 'POST', body })).text();
  const executablePath = execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-quic'] });
  const page = await browser.newPage({ viewport: { width: 1100, height: 3000 } });
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await page.goto(`${node.url}/`);
  await sleep(SETTLE_MS);
  const took = await idle(browser, session, seconds);
  for (const [name, share] of took)
    process.stdout.write(`idle for ${seconds} s: ${name} ${share.toFixed(2)} % of a core\n`);
  const samples: PageSample[] = [];
  const began = performance.now();
  const events = await stir(page, node, minutes, async () => {
    await session.send('HeapProfiler.collectGarbage');
    const told = await metrics(session);
    const sample = {
      minutes: (performance.now() - began) / 60_000,
      heap: (told.get('JSHeapUsedSize') ?? 0) / 1024 / 1024,
      nodes: told.get('Nodes') ?? 0,
      listeners: told.get('JSEventListeners') ?? 0,
    };
    samples.push(sample);
    process.stderr.write(`${sample.minutes.toFixed(1)} min: ${sample.heap.toFixed(2)} MiB, ${sample.nodes} nodes\n`);
  });
  const slope = growth(samples, ({ heap }) => heap);
  const more = (name: string, per: number): string => `${name} ${per >= 0 ? '+' : ''}${per.toFixed(3)} per minute\n`;
  process.stdout.write(`${events} events in ${minutes} min; ${more('heap, MiB:', slope)}`);
  process.stdout.write(
    more(
      'nodes:',
      growth(samples, ({ nodes }) => nodes),
    ),
  );
  process.stdout.write(
    more(
      'listeners:',
      growth(samples, ({ listeners }) => listeners),
    ),
  );
  const own = took.get('tasks of the page') ?? Number.NaN;
  if (!(own <= MOST_IDLE && slope <= MOST_GROWTH)) process.exitCode = 1;
  await browser.close();
  await simulator.close();
}

const { values } = parseArgs({
  options: { idle: { type: 'string', default: '60' }, minutes: { type: 'string', default: '10' } },
});
const household = new Household();
try {
  await measure(household, Number(values.idle), Number(values.minutes));
} catch (error) {
  process.stderr.write(`\n${household.traces().join('\n')}\n`);
  throw error;
} finally {
  await household.close();
}
