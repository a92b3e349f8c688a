import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Hook, type NodeProcess, runNode, served } from './support/process.js';

/** Limit of a stall, and what the guard may take beyond it on a busy machine, ms. */
const STALL_MS = 2000;
const BEYOND_MS = 10_000;

let lifeFile: string;
let node: NodeProcess;

beforeEach(() => {
  lifeFile = join(mkdtempSync(join(tmpdir(), 'l104-')), 'life.jsonl');
});
afterEach(() => {
  node.child.kill('SIGKILL');
});

async function live(env: Record<string, string> = {}, hook?: Hook): Promise<string> {
  node = runNode([], { LIFE_FILE: lifeFile, SHUTDOWN_GRACE_SECONDS: '2s', ...env }, hook);
  return served(node);
}

function logged(event: string): Record<string, unknown>[] {
  const lines = node.output.stdout.split('\n').filter((line) => line.includes(`"event":"${event}"`));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** The next life, which tells how the last one ended, and ends in order itself. */
async function told(): Promise<Record<string, unknown> | undefined> {
  await live();
  node.child.kill('SIGTERM');
  expect(await node.ended).toBe(0);
  return logged('life_ended')[0];
}

// Every life is a process; its start takes seconds on a busy machine.
describe('the next life', { timeout: 120_000 }, () => {
  it('knows nothing after a first start, and of one that ended in order that it did', async () => {
    expect(await told()).toBeUndefined();
    expect(await told()).toMatchObject({ level: 'info', kind: 'drained', code: 0, cause: 'signal', reason: 'SIGTERM' });
  });

  it('knows of one that was killed', async () => {
    await live();
    const { pid } = node.child;
    node.child.kill('SIGKILL');
    await node.ended;
    expect(await told()).toMatchObject({ level: 'warn', kind: 'killed', life_pid: pid });
  });

  it('knows of one that a bug ended, which was noted at once, drained, and left with 70', async () => {
    const url = await live({ SHUTDOWN_DELAY_SECONDS: '2s' }, 'bugs');
    node.child.kill('SIGUSR2');
    await expect.poll(async () => (await fetch(`${url}/health/ready`)).status).toBe(503);
    // It still serves, as it does while it drains, and has noted why it will end.
    expect((await fetch(`${url}/v1beta/models`)).status).toBe(200);
    expect(readFileSync(lifeFile, 'utf8')).toContain('"kind":"bug"');
    expect(await node.ended).toBe(70);
    expect(logged('uncaughtException')).toMatchObject([{ level: 'fatal' }]);
    expect(logged('drain_finished')).toHaveLength(1);
    expect(await told()).toMatchObject({ level: 'warn', kind: 'bug', code: 70, cause: 'uncaughtException' });
    expect(readFileSync(lifeFile, 'utf8')).not.toContain('AIza');
  });

  it('is there at once after a second bug, whatever the first is waiting for', async () => {
    const url = await live({ SHUTDOWN_DELAY_SECONDS: '60s' }, 'bugs');
    node.child.kill('SIGUSR2');
    await expect.poll(async () => (await fetch(`${url}/health/ready`)).status).toBe(503);
    node.child.kill('SIGUSR2');
    expect(await node.ended).toBe(70);
  });

  it('serves without a log of lives where none can be written', async () => {
    const url = await live({ LIFE_FILE: '/dev/null/life.jsonl' });
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect(logged('life_not_noted')).toMatchObject([{ level: 'warn' }]);
  });

  it('tells of one that could not start', async () => {
    const url = new URL(await live());
    const second = runNode([], { PORT: url.port, LIFE_FILE: lifeFile });
    expect(await second.ended).toBe(69);
    expect(readFileSync(lifeFile, 'utf8')).toMatch(/"code":69,"kind":"unstarted","cause":"port"/);
  });
});

describe('the stall guard', { timeout: 120_000 }, () => {
  it('ends a process whose loop stands still, and says where, to the log and to the next life', async () => {
    await live({ WATCHDOG_STALL_SECONDS: '2s' }, 'stall');
    const since = performance.now();
    node.child.kill('SIGUSR2');
    expect(await node.ended).toBe('SIGKILL');
    expect(performance.now() - since).toBeLessThan(STALL_MS + BEYOND_MS);
    const reason = expect.stringMatching(
      /stood still for 2 s, stuck in wedged \(test\/support\/hooks\/stall\.mjs:3\)/,
    ) as string;
    expect(logged('watchdog_exit')).toMatchObject([{ level: 'fatal', 'service.name': 'l104-node', msg: reason }]);
    expect(await told()).toMatchObject({ level: 'warn', kind: 'stalled', cause: 'internal_fault', reason });
  });

  it('leaves a process alone that was stopped for longer and goes on', async () => {
    const url = await live({ WATCHDOG_STALL_SECONDS: '2s', SHUTDOWN_DELAY_SECONDS: '4s' });
    node.child.kill('SIGSTOP');
    // Nothing can be awaited of a process that is stopped.
    await sleep(2 * STALL_MS);
    node.child.kill('SIGCONT');
    await sleep(STALL_MS);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    // Nor is a drain a stall, however long it takes.
    node.child.kill('SIGTERM');
    expect(await node.ended).toBe(0);
  });

  it('leaves a loop alone that nobody wants watched', async () => {
    await live({ ENABLE_WATCHDOG: 'false', WATCHDOG_STALL_SECONDS: '2s' }, 'stall');
    node.child.kill('SIGUSR2');
    await sleep(2 * STALL_MS);
    expect(node.child.exitCode ?? node.child.signalCode).toBeNull();
  });
});
