import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { setStage, type Stage } from './support/boot.js';

let parent: string;
let directory: string;
const stages: Stage[] = [];

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'nodes-'));
  directory = join(parent, 'data');
});

afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close();
  rmSync(parent, { recursive: true, force: true });
});

async function boot(env: Record<string, string> = {}): Promise<Stage> {
  const stage = await setStage({
    DATABASE_URL: `file:${join(directory, 'l104.db')}`,
    MEMORY_REOPEN_INTERVAL: '100ms',
    MEMORY_WATCH_INTERVAL: '50ms',
    ...env,
  });
  stages.push(stage);
  return stage;
}

const put = (stage: Stage, key: string): Promise<Response> =>
  fetch(`${stage.node.url}/memory`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key, value: `value of ${key}` }),
  });

async function valueOf(stage: Stage, key: string): Promise<unknown> {
  return ((await (await fetch(`${stage.node.url}/memory/${key}`)).json()) as { value?: unknown }).value;
}

async function asksGemini(stage: Stage): Promise<number> {
  const answer = await fetch(`${stage.node.url}/v1beta/models/gemini-2.5-flash:generateContent`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'a-key-of-the-client' },
    body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'hello' }] }] }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

const ready = (stage: Stage): Promise<void> =>
  vi.waitFor(
    async () => {
      expect((await fetch(`${stage.node.url}/health/ready`)).status).toBe(200);
    },
    { timeout: 10_000, interval: 30 },
  );

describe('two nodes on one directory', () => {
  it('never write it both: the second serves models alone, says why, and attaches when the first has gone', async () => {
    const first = await boot();
    await ready(first);
    expect((await put(first, 'a')).status).toBe(200);
    const second = await boot();
    expect(await asksGemini(second)).toBe(200);
    const refused = await put(second, 'b');
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({
      detail: expect.stringContaining(`another node uses the database file (process ${process.pid})`) as unknown,
    });
    expect((await fetch(`${second.node.url}/health/ready`)).status).toBe(503);
    expect((await fetch(`${second.node.url}/health/live`)).status).toBe(200);
    await stages.shift()?.close();
    await ready(second);
    expect(await valueOf(second, 'a')).toBe('value of a');
    expect((await put(second, 'b')).status).toBe(200);
  });
});

describe('a node whose data directory is taken away while it runs', () => {
  it('serves models all the time and has everything again', async () => {
    const stage = await boot();
    await ready(stage);
    expect((await put(stage, 'a')).status).toBe(200);
    const away = join(parent, 'away');
    renameSync(directory, away);
    const asked = await Promise.all(Array.from({ length: 20 }, () => asksGemini(stage)));
    expect(new Set(asked)).toEqual(new Set([200]));
    await vi.waitFor(
      () => {
        expect(stage.log).toContainEqual(expect.objectContaining({ event: 'memory_repaired', lost: null }));
      },
      { timeout: 10_000 },
    );
    await ready(stage);
    expect(await valueOf(stage, 'a')).toBe('value of a');
    const health = (await (await fetch(`${stage.node.url}/metrics/prometheus`)).text()).split('\n');
    expect(health).toContain('l104_memory_repairs_total{result="whole"} 1');
  });

  it('is repaired by a heal that is asked for before it has seen it', async () => {
    const stage = await boot({ MEMORY_WATCH_INTERVAL: '1m' });
    await ready(stage);
    expect((await put(stage, 'a')).status).toBe(200);
    renameSync(directory, join(parent, 'away'));
    const heal = await fetch(`${stage.node.url}/self/heal`, { method: 'POST' });
    expect(heal.status).toBe(200);
    expect(((await heal.json()) as { actions: string[] }).actions).toContain('memory_checked');
    expect(stage.log).toContainEqual(expect.objectContaining({ event: 'memory_repaired', lost: null }));
    expect(await valueOf(stage, 'a')).toBe('value of a');
  });
});
