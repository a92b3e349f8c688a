import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ask } from './support/asking.js';
import { type NodeProcess, runNode, served } from './support/process.js';

let node: NodeProcess | undefined;
let server: Server | undefined;
afterEach(async () => {
  node?.child.kill('SIGKILL');
  await node?.ended;
  server?.closeAllConnections();
  server?.close();
});

interface Run {
  by: string;
  cause: string;
  verdict: string;
  level: string;
  actions: string[];
}
interface Shown {
  state: string;
  summary: string;
  conditions: { name: string; cause: string; reason: string; would: { action: string } }[];
}

const WAIT = { timeout: 40_000, interval: 100 };
const ANSWER = { candidates: [{ content: { parts: [{ text: 'Hello' }] }, finishReason: 'STOP' }] };

async function json<T>(url: string, path: string): Promise<T> {
  return (await (await fetch(url + path)).json()) as T;
}
const runs = async (url: string): Promise<Run[]> => (await json<{ items: Run[] }>(url, '/self/heal/runs')).items;
const diagnosis = (url: string): Promise<Shown> => json(url, '/self/diagnosis');

async function upstream(port = 0): Promise<number> {
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(ANSWER));
  });
  await new Promise<void>((resolve) => server!.listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function start(env: Record<string, string>): Promise<string> {
  node = runNode([], { PORT: '0', WATCHDOG_INTERVAL: '1s', WATCHDOG_FAILURE_THRESHOLD: '2', ...env });
  return served(node);
}

describe('a real process', { timeout: 120_000 }, () => {
  it('whose upstream dies under load neither restarts nor resets anything, says so, and recovers by itself', async () => {
    const port = await upstream();
    const url = await start({
      GEMINI_UPSTREAM: 'gemini',
      GEMINI_BASE_URL: `http://127.0.0.1:${port}`,
      CIRCUIT_BREAKER_TIMEOUT: '1s',
      MAX_RETRY_ATTEMPTS: '1',
    });
    let last = 0;
    const load = setInterval(() => {
      void ask(url, { form: 'gemini' }).then(
        async (response) => {
          await response.arrayBuffer();
          last = response.status;
        },
        () => undefined,
      );
    }, 20);
    try {
      await expect.poll(() => last, WAIT).toBe(200);
      server!.closeAllConnections();
      server!.close();
      await expect
        .poll(async () => (await diagnosis(url)).conditions[0], WAIT)
        .toMatchObject({
          cause: 'upstream_outage',
          would: { action: 'none' },
        });
      await expect.poll(async () => (await diagnosis(url)).summary, WAIT).toContain('connections are refused');
      expect((await fetch(`${url}/health/live`)).status).toBe(200);
      expect((await fetch(`${url}/health/ready`)).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 4000));
      // Connections that are refused are recycled once by the pool itself; nobody resets circuits for it or restarts.
      for (const run of await runs(url))
        expect(run).toMatchObject({ by: 'http_client', actions: ['http_client_reset'] });
      expect(node!.child.exitCode).toBeNull();
      await upstream(port);
      await expect.poll(() => last, WAIT).toBe(200);
      await expect.poll(async () => (await diagnosis(url)).state, WAIT).toBe('healthy');
    } finally {
      clearInterval(load);
    }
  });

  it('that leaks restarts itself at the end of the ladder, three times, and then stays up, degraded, and says so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'l104-'));
    const env = {
      PORT: '0',
      DATABASE_URL: `file:${join(folder, 'l104.db')}`,
      LIFE_FILE: join(folder, 'life.jsonl'),
      WATCHDOG_INTERVAL: '1s',
      WATCHDOG_FAILURE_THRESHOLD: '1',
      SHUTDOWN_DELAY_SECONDS: '0s',
    };
    const leaking = async (): Promise<string> => {
      node = runNode([], env, 'leak');
      const url = await served(node);
      node.child.kill('SIGUSR2');
      return url;
    };
    for (let life = 1; life <= 3; life++) {
      await leaking();
      expect(await node!.ended).toBe(75);
      expect(node!.output.stdout).toContain('"event":"watchdog_exit"');
    }
    const url = await leaking();
    await expect
      .poll(async () => (await diagnosis(url)).conditions.map(({ name }) => name), WAIT)
      .toEqual(expect.arrayContaining(['file_descriptors', 'restarts']));
    // The heals of the lives before got their verdict from what this one sees.
    const settled = (all: Run[]): Run[] =>
      all.filter(({ level, verdict }) => level === 'heavy' && verdict !== 'pending');
    await expect.poll(async () => settled(await runs(url)).length, WAIT).toBe(3);
    const levels = (await runs(url)).reverse().map(({ level }) => level);
    expect(levels.slice(0, 9)).toEqual(Array.from({ length: 3 }, () => ['light', 'medium', 'heavy']).flat());
    expect((await ask(url, { form: 'gemini' })).status).toBe(200);
    expect(await json(url, '/self/diagnosis')).toMatchObject({
      restarts: { within_period: 3, limit: 3, refused: expect.stringContaining('restarted itself 3 times') as unknown },
      last_life: { end: 'healed', cause: 'local_overload', code: 75 },
    });
    expect(node!.child.exitCode).toBeNull();
  });

  it('whose database file is deleted while it is open loses nothing, and tells of the repair by name', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'l104-'));
    const path = join(folder, 'l104.db');
    const url = await start({ DATABASE_URL: `file:${path}` });
    const put = (key: string): Promise<Response> =>
      fetch(`${url}/memory`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ key, value: `value of ${key}` }),
      });
    await expect.poll(async () => (await put('first')).status, WAIT).toBe(200);
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
    await expect.poll(async () => (await runs(url))[0], WAIT).toMatchObject({ by: 'memory', cause: 'store_fault' });
    await expect.poll(async () => (await put('second')).status, WAIT).toBe(200);
    expect(await json(url, '/memory/first')).toMatchObject({ value: 'value of first' });
    await expect.poll(async () => (await runs(url)).at(-1)?.verdict, WAIT).toBe('cured');
  });

  it('whose store another process holds names that, tries once, and serves all the same', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'l104-'));
    const path = join(folder, 'l104.db');
    const first = runNode([], { PORT: '0', DATABASE_URL: `file:${path}` });
    try {
      await expect.poll(async () => (await fetch(`${await served(first)}/health/ready`)).status, WAIT).toBe(200);
      const url = await start({ DATABASE_URL: `file:${path}` });
      await expect
        .poll(async () => (await diagnosis(url)).conditions[0], WAIT)
        .toMatchObject({
          name: 'memory_store',
          cause: 'store_fault',
          reason: expect.stringContaining('another') as unknown,
        });
      await expect.poll(async () => (await runs(url)).length, WAIT).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 4000));
      expect(await runs(url)).toMatchObject([{ by: 'watchdog', cause: 'store_fault', verdict: 'not_cured' }]);
      expect((await ask(url, { form: 'gemini' })).status).toBe(200);
      first.child.kill('SIGTERM');
      await first.ended;
      await expect.poll(async () => (await diagnosis(url)).state, WAIT).toBe('healthy');
    } finally {
      first.child.kill('SIGKILL');
    }
  });
});
