import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { HistoryRecorder } from '../src/metrics/index.js';
import { newDatabase, runStatement, testedKinds } from '../src/memory/test-databases.js';
import { type RunningNode } from '../src/start-node.js';
import { bootNode } from './support/boot.js';
import { startFreezing } from './support/freezing-proxy.js';
import { runNode, served } from './support/process.js';

interface Answer {
  complete: boolean;
  series: { points: [number, number | null][] }[];
}

const history = async (url: string, query: string): Promise<Answer> =>
  (await (await fetch(`${url}/metrics/history?${query}`)).json()) as Answer;
const known = ({ series }: Answer): number[] =>
  series[0]!.points.flatMap(([, value]) => (value === null ? [] : [value]));
const recorderOf = (node: RunningNode): HistoryRecorder => node.app.get(HistoryRecorder);

it('goes on in memory while there is no store, and says that it is not complete', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'history-')), 'file');
  writeFileSync(file, '');
  const { node, log } = await bootNode({
    DATABASE_URL: `file:${join(file, 'l104.db')}`,
    MEMORY_REQUIRED: 'false',
    GEMINI_UPSTREAM: 'simulator',
  });
  try {
    await recorderOf(node).sample();
    await recorderOf(node).save();
    await recorderOf(node).save();
    const told = await history(node.url, 'series=rss_bytes&step=1h');
    expect(told.complete).toBe(false);
    expect(known(told)[0]).toBeGreaterThan(0);
    expect(log.filter(({ event }) => event === 'history_not_saved')).toHaveLength(1);
  } finally {
    await node.drain();
  }
});

describe.runIf(testedKinds('a history whose server stands still').includes('PostgreSQL'))('with a server', () => {
  it('tells what is in memory while that stands still, keeps nobody waiting, and is stored when it is back', async () => {
    const server = await newDatabase('PostgreSQL');
    const proxy = await startFreezing(server);
    const through = new URL(server);
    through.port = new URL(proxy.url).port;
    const { node } = await bootNode({
      DATABASE_URL: through.href,
      MEMORY_STATEMENT_TIMEOUT: '5s',
      MEMORY_REOPEN_INTERVAL: '100ms',
      GEMINI_UPSTREAM: 'simulator',
    });
    try {
      const recorder = recorderOf(node);
      await recorder.sample();
      await recorder.save();
      proxy.freezeAll();
      await recorder.sample();
      // More readers than may wait for the store at once.
      const answers = await Promise.all(Array.from({ length: 8 }, () => history(node.url, 'series=rss_bytes&step=1h')));
      for (const told of answers) {
        expect(told.complete).toBe(false);
        expect(known(told)[0]).toBeGreaterThan(0);
      }
      // The server still stands still, and calls to models do not notice.
      const call = await fetch(`${node.url}/v1beta/models/gemini-2.5-flash:generateContent`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"contents":[{"parts":[{"text":"Hello"}]}]}',
      });
      expect(call.status).toBe(200);
      proxy.thaw();
      const unsaved = (): number => recorder.recording!.unsaved().length;
      expect(unsaved()).toBeGreaterThan(0);
      await vi.waitFor(
        async () => {
          await recorder.save();
          expect(unsaved()).toBe(0);
        },
        { timeout: 25_000, interval: 200 },
      );
      const [{ n } = { n: 0 }] = await runStatement<{ n: string | number }>(
        server,
        'SELECT count(*) AS n FROM metrics_sample WHERE step = 3600',
      );
      expect(Number(n)).toBeGreaterThan(0);
    } finally {
      await node.drain();
      await proxy.close();
    }
  });
});

it('survives a kill -9, after which counters begin at zero, with no rate below it and no spike', async () => {
  const env = { PORT: '0', DATABASE_URL: await newDatabase('SQLite'), GEMINI_UPSTREAM: 'simulator' };
  const begun = Math.floor(Date.now() / 1000);
  const calls = [5, 2];
  for (const count of calls) {
    const node = runNode([], env);
    try {
      const url = await served(node);
      const before = await stored(env.DATABASE_URL);
      for (let n = 0; n < count; n++) await (await fetch(`${url}/memory/none`)).text();
      // The next sample comes within fifteen seconds, and is stored at once.
      await vi.waitFor(
        async () => {
          expect(await stored(env.DATABASE_URL)).toBeGreaterThan(before);
        },
        { timeout: 25_000, interval: 200 },
      );
      await pause(100);
      const told = await history(url, `series=requests&step=10s&from=${begun - 60}`);
      expect(told.complete).toBe(true);
      const rates = known(told);
      expect(Math.min(...rates)).toBeGreaterThanOrEqual(0);
      // Of a life that began within ten seconds a rate is that of the part there was.
      expect(Math.max(...rates)).toBeLessThanOrEqual((Math.max(...calls) * 60) / 2);
      expect(rates.filter((rate) => rate > 0)).toHaveLength(count === calls[0] ? 1 : 2);
    } finally {
      node.child.kill('SIGKILL');
      expect(await node.ended).toBe('SIGKILL');
    }
  }
  const sums = await runStatement<{ body: string }>(
    env.DATABASE_URL,
    'SELECT body FROM metrics_sample WHERE step = 3600 ORDER BY at, life',
  );
  expect(sums.map(({ body }) => (JSON.parse(body) as { c: { requests: number } }).c.requests)).toEqual(calls);
}, 80_000);

async function stored(url: string): Promise<number> {
  const [row] = await runStatement<{ n: number }>(url, 'SELECT count(*) AS n FROM metrics_sample WHERE step = 10');
  return row?.n ?? 0;
}
