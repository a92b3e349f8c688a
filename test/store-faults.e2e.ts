import { mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { mountSmallDisk } from '../src/memory/sqlite/test-disk.js';
import { type NodeProcess, runNode, served } from './support/process.js';
import { SteadyLoad } from './support/steady-load.js';

const WAIT = { timeout: 60_000, interval: 100 };

let supervisor: NodeProcess;
let undo: (() => void)[] = [];
afterEach(async () => {
  supervisor.child.kill('SIGTERM');
  await supervisor.ended;
  for (const step of undo) step();
  undo = [];
});

/** A supervised node with its store in a folder, under load. */
async function start(folder: string): Promise<{ url: string; load: SteadyLoad }> {
  supervisor = runNode(['--supervised'], {
    PORT: '0',
    DATABASE_URL: `file:${join(folder, 'l104.db')}`,
    WATCHDOG_INTERVAL: '1s',
    MEMORY_CHECK_INTERVAL: '1s',
    MEMORY_REOPEN_INTERVAL: '500ms',
    MEMORY_DISK_MINIMUM: '1MiB',
    RATE_LIMIT_REQUESTS: '1000000',
  });
  const url = await served(supervisor);
  const load = new SteadyLoad(url);
  await expect.poll(() => load.stored.length, WAIT).toBeGreaterThan(100);
  return { url, load };
}

const get = async (url: string): Promise<Record<string, unknown>> =>
  (await (await fetch(url)).json()) as Record<string, unknown>;
const runs = async (url: string): Promise<Record<string, unknown>[]> =>
  (await get(`${url}/self/heal/runs`))['items'] as Record<string, unknown>[];

/** That nobody felt it but those who stored something meanwhile, who were told so, and that all that was acknowledged is there. */
async function unharmed(url: string, load: SteadyLoad): Promise<void> {
  const [answered, stored] = [load.answered, load.stored.length];
  await expect.poll(() => load.answered, WAIT).toBeGreaterThan(answered + 20);
  await expect.poll(() => load.stored.length, WAIT).toBeGreaterThan(stored + 20);
  await load.stop();
  expect(load.failures.filter((failure) => !failure.includes('memory: 503'))).toEqual([]);
  for (const key of load.stored) expect((await fetch(`${url}/memory/${key}`)).status, key).toBe(200);
  expect(supervisor.output.stdout).not.toContain('worker_crashed');
  expect(supervisor.output.stdout).not.toContain('watchdog_exit');
}

describe('a supervised node under load', { timeout: 180_000 }, () => {
  it('whose database file is corrupted repairs it, names that, and keeps what was acknowledged', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'l104-'));
    undo = [
      () => {
        rmSync(folder, { recursive: true, force: true });
      },
    ];
    const { url, load } = await start(folder);
    const path = join(folder, 'l104.db');
    const pages = Math.floor(statSync(path).size / 4096);
    const handle = openSync(path, 'r+');
    for (let page = 1; page < pages; page += 2) writeSync(handle, Buffer.alloc(4096, 0x5a), 0, 4096, page * 4096);
    await expect.poll(async () => await runs(url), WAIT).toMatchObject([{ by: 'memory', cause: 'store_fault' }]);
    await expect.poll(async () => (await runs(url))[0]?.['verdict'], WAIT).toBe('cured');
    await unharmed(url, load);
  });

  it('whose disk is full says so and refuses writes, and goes on by itself when there is room', async () => {
    const disk = mountSmallDisk(24_576);
    if (disk === undefined) return;
    undo = [
      () => {
        disk.unmount();
      },
    ];
    const { url, load } = await start(disk.path);
    const empty = disk.fill();
    const refused = (): boolean => load.failures.some((failure) => failure.includes('memory: 503'));
    await expect.poll(refused, WAIT).toBe(true);
    const conditions = async (): Promise<unknown> => (await get(`${url}/self/diagnosis`))['conditions'];
    await expect
      .poll(conditions, WAIT)
      .toContainEqual(
        expect.objectContaining({ name: 'memory_store', reason: expect.stringContaining('full') as unknown }),
      );
    const answered = load.answered;
    await expect.poll(() => load.answered, WAIT).toBeGreaterThan(answered + 20);
    empty();
    await unharmed(url, load);
    await expect.poll(conditions, WAIT).toEqual([]);
  });
});
