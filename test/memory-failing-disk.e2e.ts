import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type NodeProcess, runNode, served } from './support/process.js';
import { hasTool } from './support/tool.js';

const directory = mkdtempSync(join(tmpdir(), 'eio-'));
const settings = {
  PORT: '0',
  DATABASE_URL: `file:${join(directory, 'l104.db')}`,
  MEMORY_REOPEN_INTERVAL: '100ms',
  MEMORY_WATCH_INTERVAL: '50ms',
};
interface Page {
  readonly items: readonly { readonly key: string }[];
  readonly next_cursor: string | null;
}

/** What fails and how: a disk with errors, and a file system that turns read-only while files are open and back again. */
const FAULTS = [
  ['fsync,fdatasync', 'EIO'],
  ['pwrite64', 'EIO'],
  ['pwrite64,ftruncate', 'EROFS'],
] as const;

const running: { node?: NodeProcess; injector?: ChildProcess } = {};

afterEach(async () => {
  running.injector?.kill('SIGINT');
  running.node?.child.kill('SIGKILL');
  await running.node?.ended;
  rmSync(directory, { recursive: true, force: true });
});

async function start(): Promise<string> {
  running.node = runNode([], settings);
  return await served(running.node);
}

/** Makes calls of the node's process to the system fail from now on; undefined where this machine does not let us. */
async function inject(calls: string, error: string): Promise<{ end: () => Promise<void> } | undefined> {
  const { pid } = running.node!.child;
  const args = [
    '-f',
    '-p',
    String(pid),
    '-e',
    `trace=${calls}`,
    '-e',
    `inject=${calls}:error=${error}`,
    '-o',
    '/dev/null',
  ];
  const injector = (running.injector = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] }));
  let said = '';
  injector.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(injector, 'close');
  await expect.poll(() => said, { timeout: 10_000 }).toMatch(/attached|attach:/);
  if (!/attached/.test(said)) {
    process.stdout.write(`skipped, since strace may not attach: ${said.trim()}\n`);
    return undefined;
  }
  const end = async (): Promise<void> => {
    injector.kill('SIGINT');
    await ended;
  };
  return { end };
}

const put = (url: string, key: string): Promise<Response> =>
  fetch(`${url}/memory`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key, value: `value of ${key}` }),
  });

/** Writers that go on whatever happens; the keys that were acknowledged and the statuses that were seen, until they are stopped. */
function writeOn(url: string): { acknowledged: string[]; stop: () => Promise<void> } {
  const acknowledged: string[] = [];
  let going = true;
  const writer = async (name: number): Promise<void> => {
    for (let n = 0; going; n++) {
      const { status } = await put(url, `${name}-${n}`);
      if (status === 200) acknowledged.push(`${name}-${n}`);
      else expect(status).toBe(503);
      await pause(20);
    }
  };
  const writers = Promise.all([1, 2, 3, 4].map(writer));
  const stop = async (): Promise<void> => {
    going = false;
    await writers;
  };
  return { acknowledged, stop };
}

/** Those of the keys that are not there. */
async function missing(url: string, keys: readonly string[]): Promise<string[]> {
  const there = new Set<string>();
  for (let cursor = ''; ;) {
    const page = (await (await fetch(`${url}/memory?limit=1000${cursor}`)).json()) as Page;
    for (const { key } of page.items) there.add(key);
    if (page.next_cursor === null) return keys.filter((key) => !there.has(key));
    cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`;
  }
}

describe.runIf(hasTool('strace', 'a disk that reports errors'))('a disk that reports errors', () => {
  it('gets nothing acknowledged that it has not taken, is read meanwhile, and is written again when it takes it', async () => {
    const url = await start();
    expect((await put(url, 'first')).status).toBe(200);
    const { acknowledged, stop } = writeOn(url);
    for (const [calls, error] of FAULTS) {
      const injection = await inject(calls, error);
      if (injection === undefined) return;
      await expect.poll(async () => (await put(url, 'refused')).status, { timeout: 10_000 }).toBe(503);
      const before = acknowledged.length;
      for (let n = 0; n < 5; n++) {
        expect([calls, (await put(url, 'refused')).status]).toEqual([calls, 503]);
        expect((await fetch(`${url}/memory/first`)).status).toBe(200);
      }
      expect(acknowledged.length).toBe(before);
      await injection.end();
      await expect.poll(() => acknowledged.length, { timeout: 10_000 }).toBeGreaterThan(before + 20);
    }
    running.node?.child.kill('SIGKILL');
    await stop().catch(() => undefined);
    expect(await missing(await start(), acknowledged)).toEqual([]);
  }, 60_000);
});
