import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { type NodeProcess, runNode, served } from './support/process.js';
import { hasTool } from './support/tool.js';

let node: NodeProcess;
afterEach(async () => {
  node.child.kill('SIGKILL');
  await node.ended;
});

const flood = (url: string): Promise<{ stdout: string }> =>
  promisify(execFile)('wrk', ['-t1', '-c400', '-d5s', url], { timeout: 60_000 });

it.runIf(hasTool('wrk', 'a flood of the probes'))(
  'a client that floods what the watchdog asks, too, brings no heal about',
  async () => {
    node = runNode([], { PORT: '0', WATCHDOG_INTERVAL: '1s', WATCHDOG_FAILURE_THRESHOLD: '1' });
    const url = await served(node);
    const [live] = await Promise.all([flood(`${url}/health/live`), flood(`${url}/self/diagnosis`)]);
    expect(Number(/(\d+) requests in/.exec(live.stdout)?.[1])).toBeGreaterThan(1000);
    const journal = (await (await fetch(`${url}/self/journal?kind=heal_run,heal_declined`)).json()) as {
      items: unknown[];
    };
    expect(journal.items).toEqual([]);
    expect(node.output.stdout).not.toContain('watchdog_exit');
  },
  120_000,
);
