import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Bench, type Findings, type Section, type Stage } from '../bench.js';
import { type LoadCommand } from '../load/messages.js';
import { FORMS } from '../load/request-forms.js';
import { type CpuProfile, type SelfTime, selfTimes } from '../report/cpu-profile.js';
import { BUILT_NODE, startNode } from '../targets/gateway-node.js';
import { startUpstream } from '../targets/start-targets.js';

const SHOWN = 20;
const WARM_UP_REQUESTS = 5000;
/** A profile of a few seconds is written in well under this, ms. */
const WRITE_MS = 10_000;
const PROFILER = new URL('../workers/profiler.js', import.meta.url);

/** A load, and how many things of a kind it makes the node do. */
interface Task {
  readonly title: string;
  readonly unit: string;
  readonly units: number;
  readonly command: (port: number, units: number) => LoadCommand;
}

const TASKS: readonly Task[] = [
  { title: ':generateContent, 2 kB', unit: 'request', units: 20_000, command: unary },
  { title: ':generateContent, 200 kB', unit: 'request', units: 3000, command: large },
  { title: ':streamGenerateContent, SSE', unit: 'event', units: 40_000, command: streamed },
  { title: ':streamGenerateContent, long SSE', unit: 'event', units: 24_000, command: longStreamed },
];

/** Where the node's CPU time goes. */
export const profile: Bench = {
  name: 'profile',
  about: "functions in which the node's CPU time is spent",
  usual: false,
  async run(stage): Promise<Findings> {
    const upstreamPort = await startUpstream(stage.household);
    const sections: Section[] = [];
    for (const task of TASKS) sections.push(...(await profiled(stage, upstreamPort, task)));
    return { sections, verdicts: [] };
  },
};

async function profiled(stage: Stage, upstreamPort: number, task: Task): Promise<Section[]> {
  const { household, progress } = stage;
  const { title, units, command } = task;
  const file = join(household.folder, `${units}.cpuprofile`);
  const load = await stage.load();
  const node = await startNode(household, upstreamPort, {
    name: 'the profiled node',
    main: stage.options.compare ?? BUILT_NODE,
    execArgv: ['--import', fileURLToPath(PROFILER)],
    environment: { BENCH_PROFILE: file },
  });
  progress.start(`profile of ${title}:`);
  await load.run(unary(node.port, WARM_UP_REQUESTS));
  progress.step('warmed up');
  node.child.kill('SIGUSR2');
  await sleep(200);
  await load.run(command(node.port, units));
  node.child.kill('SIGUSR2');
  const times = selfTimes(await written(file));
  progress.end();
  await household.end(node.child);
  return report(task, times);
}

function unary(port: number, requests: number): LoadCommand {
  return { kind: 'closed', port, request: FORMS.native, connections: 32, requests };
}

function large(port: number, requests: number): LoadCommand {
  return { kind: 'closed', port, request: FORMS.nativeLarge, connections: 32, requests };
}

function streamed(port: number, events: number): LoadCommand {
  const flow = { repeats: events / 4000, events: 50, intervalMs: 5 };
  return { kind: 'streams', port, request: FORMS.nativeStream, connections: 80, ...flow };
}

function longStreamed(port: number, events: number): LoadCommand {
  const flow = { repeats: 1, events: events / 16, intervalMs: 3 };
  return { kind: 'streams', port, request: FORMS.nativeStream, connections: 16, ...flow };
}

/** The file is whole when it can be parsed. */
async function written(file: string): Promise<CpuProfile> {
  const deadline = Date.now() + WRITE_MS;
  while (Date.now() < deadline) {
    await sleep(100);
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
    } catch {
      // Not yet.
    }
  }
  throw new Error('the profile was not written');
}

function report({ title, unit, units }: Task, times: readonly SelfTime[]): Section[] {
  const total = times.reduce((sum, { ms }) => sum + ms, 0);
  const row = (name: string, ms: number): string[] => [
    name,
    `${((ms / total) * 100).toFixed(1)} %`,
    ((ms * 1000) / units).toFixed(2),
  ];
  const owners = new Map<string, number>();
  for (const { owner, ms } of times) owners.set(owner, (owners.get(owner) ?? 0) + ms);
  const own = times.filter(({ owner }) => owner === 'this node');
  const head = ['share', `µs per ${unit}`];
  return [
    { title: `${title}: whose code`, table: [['owner', ...head], ...[...owners].map(([name, ms]) => row(name, ms))] },
    {
      title: `${title}: functions of the node`,
      table: [['function', ...head], ...own.slice(0, SHOWN).map(({ place, ms }) => row(place, ms))],
    },
    {
      title: `${title}: all functions`,
      table: [['function', ...head], ...times.slice(0, SHOWN).map(({ place, ms }) => row(place, ms))],
    },
  ];
}
