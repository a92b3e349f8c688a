import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type RunningSimulator, startSimulator } from '../src/simulator/index.js';
import { ask, circuits } from './support/lives.js';
import { type Hook, type NodeProcess, runNode, served } from './support/process.js';
import { SteadyLoad } from './support/steady-load.js';

/** How long something may take on a busy machine. */
const WAIT = { timeout: 90_000 };

let supervisor: NodeProcess;
let simulator: RunningSimulator | undefined;

afterEach(async () => {
  const pids = events('worker_started').map(({ pid }) => pid as number);
  supervisor.child.kill('SIGKILL');
  // A worker whose supervisor is gone ends by itself; a stopped test is not to rely on it.
  for (const pid of pids) if (alive(pid)) process.kill(pid, 'SIGKILL');
  await simulator?.close();
  simulator = undefined;
});

async function start(env: Record<string, string> = {}, hook?: Hook): Promise<string> {
  simulator = await startSimulator({ wordDelayMs: 20 });
  const upstream = { GEMINI_UPSTREAM: 'gemini', GEMINI_BASE_URL: simulator.url };
  supervisor = runNode(['--supervised'], { ...upstream, SHUTDOWN_GRACE_SECONDS: '90s', ...env }, hook);
  return served(supervisor);
}

/** Log lines of this event so far. */
function events(event: string): Record<string, unknown>[] {
  const lines = supervisor.output.stdout.split('\n').filter((line) => line.includes(`"event":"${event}"`));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Waits until so many lines of an event are there, and returns them. */
async function until(event: string, count: number): Promise<Record<string, unknown>[]> {
  await expect.poll(() => events(event).length, WAIT).toBe(count);
  return events(event);
}

/** Isolates a circuit that nobody else uses, as an operator would. */
async function isolate(url: string): Promise<void> {
  await (await ask(url, 'gemini-2.5-pro')).text();
  const name = (await circuits(url)).find((circuit) => circuit.name.includes('pro'))!.name;
  expect((await fetch(`${url}/self/circuits/${name}/isolate`, { method: 'POST' })).status).toBe(200);
}

async function streamed(url: string, words: number, signal?: AbortSignal): Promise<string> {
  const body = JSON.stringify({ contents: [{ parts: [{ text: `Hello #words=${words}` }] }] });
  const headers = { 'content-type': 'application/json', 'x-goog-api-key': 'k' };
  const call = `${url}/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse`;
  return (await fetch(call, { method: 'POST', headers, body, signal: signal ?? null })).text();
}

// Processes of the node take seconds to start on a busy machine.
describe('a supervised node', { timeout: 240_000 }, () => {
  it('replaces its process on SIGHUP, and one with a bug, without a failed request, and leaves with 0', async () => {
    const url = await start({}, 'bugs');
    const load = new SteadyLoad(url);
    const stream = streamed(url, 600);
    const holding = new AbortController();
    const held = streamed(url, 100_000, holding.signal).catch(() => 'left');
    await expect.poll(() => load.answered, WAIT).toBeGreaterThan(20);
    await isolate(url);
    supervisor.child.kill('SIGHUP');
    const [first] = await until('worker_replaced', 1);
    // The new one has the memory, and what the old one had learnt, before the old one has finished its streams.
    await until('state_restored', 1);
    expect(events('worker_left')).toHaveLength(0);
    holding.abort();
    expect(await held).toBe('left');
    expect((await circuits(url)).map(({ state }) => state)).toContain('isolated');
    expect(await stream).toContain('"finishReason":"STOP"');
    await until('worker_left', 1);
    expect(alive(first!['before'] as number)).toBe(false);
    const before = load.stored.length;
    await expect.poll(() => load.stored.length, WAIT).toBeGreaterThan(before + 5);
    // The new one asks to be replaced in its turn.
    process.kill(first!['pid'] as number, 'SIGUSR2');
    await until('worker_replaced', 2);
    expect(await until('worker_left', 2)).toMatchObject([{ code: 0 }, { code: 70 }]);
    const answered = load.answered;
    await expect.poll(() => load.answered, WAIT).toBeGreaterThan(answered + 20);
    await load.stop();
    expect(load.failures).toEqual([]);
    const items = (await (await fetch(`${url}/memory?limit=1000`)).json()) as { items: { key: string }[] };
    expect(new Set(items.items.map(({ key }) => key))).toEqual(new Set(load.stored.slice(-1000)));
    supervisor.child.kill('SIGTERM');
    expect(await supervisor.ended).toBe(0);
    expect(events('drain_finished')).toHaveLength(3);
  });

  it('heals itself by a new process without a failed request', async () => {
    const url = await start({ WATCHDOG_INTERVAL: '1s', WATCHDOG_FAILURE_THRESHOLD: '1' }, 'leak');
    const load = new SteadyLoad(url);
    const stream = streamed(url, 300);
    await expect.poll(() => load.answered, WAIT).toBeGreaterThan(20);
    process.kill(events('worker_started')[0]!['pid'] as number, 'SIGUSR2');
    await until('worker_replaced', 1);
    expect(await until('worker_left', 1)).toMatchObject([{ code: 75 }]);
    const answered = load.answered;
    await expect.poll(() => load.answered, WAIT).toBeGreaterThan(answered + 20);
    await load.stop();
    expect(load.failures).toEqual([]);
    expect(await stream).toContain('"finishReason":"STOP"');
    const lastLife = async (): Promise<unknown> =>
      ((await (await fetch(`${url}/self/diagnosis`)).json()) as { last_life: unknown }).last_life;
    // It ends when the new one has begun already.
    await expect.poll(lastLife, WAIT).toMatchObject({ end: 'healed', cause: 'local_overload' });
    const runs = async (): Promise<unknown> =>
      ((await (await fetch(`${url}/self/heal/runs`)).json()) as { items: { level: string; verdict: string }[] }).items
        .map(({ level, verdict }) => `${level} ${verdict}`)
        .reverse();
    // The one that left could not see whether that helped; the one in its place can.
    await expect.poll(runs, WAIT).toEqual(['light not_cured', 'medium not_cured', 'heavy cured']);
  });

  it('starts a process that was killed anew, at once, and again with a wait', async () => {
    await start();
    for (const count of [1, 2]) {
      const pid = (await until('worker_started', count)).at(-1)!['pid'] as number;
      process.kill(pid, 'SIGKILL');
      expect((await until('worker_crashed', count)).at(-1)).toMatchObject({ signal: 'SIGKILL', pid });
    }
    await until('worker_started', 3);
    const [second, third] = ['worker_crashed', 'worker_started'].map((event) =>
      Date.parse(events(event).at(-1)!['time'] as string),
    );
    expect(third! - second!).toBeGreaterThan(1000);
  });

  it('makes one admin token for all its processes, and prints it once', async () => {
    const port = new URL(await start({ HOST: '0.0.0.0' })).port;
    supervisor.child.kill('SIGHUP');
    await until('worker_left', 1);
    const made = [...supervisor.output.stderr.matchAll(/takes: (\w{32,})/g)].map(([, token]) => token);
    expect(made).toHaveLength(1);
    const headers = { authorization: `Bearer ${made[0]!}` };
    expect((await fetch(`http://127.0.0.1:${port}/self/circuits`, { headers })).status).toBe(200);
  });

  it('keeps the process it has when another one cannot start', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'l104-')), 'token');
    writeFileSync(file, 'a-token-from-a-file\n');
    const url = await start({ ADMIN_TOKEN_FILE: file });
    rmSync(file);
    supervisor.child.kill('SIGHUP');
    expect(await until('worker_crashed', 1)).toMatchObject([{ code: 78 }]);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect(events('worker_started')).toHaveLength(1);
  });

  it('ends with the code of a process that cannot start', async () => {
    supervisor = runNode(['--supervised'], { PORT: 'eighty' });
    expect(await supervisor.ended).toBe(78);
    supervisor = runNode(['--supervised'], { SUPERVISOR_WORKERS: '2' });
    expect(await supervisor.ended).toBe(78);
    expect(supervisor.output.stderr).toContain('DATABASE_URL=postgres://');
  });
});
