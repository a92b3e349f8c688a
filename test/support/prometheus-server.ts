import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A running Prometheus. */
export interface PrometheusServer {
  /** Results of an instant query: labels and value. */
  query(expression: string): Promise<{ metric: Record<string, string>; value: number }[]>;
  /** Traces that it has been given as examples of a series. */
  exemplars(series: string): Promise<(string | undefined)[]>;
  /** What it says of its targets, by job. */
  targets(): Promise<Record<string, { health: string; lastError: string }>>;
  close(): Promise<void>;
}

/** Rules that it evaluates, and whom it tells of what they raise. */
export interface Alerting {
  /** Path of the file. */
  readonly rules: string;
  /** Host and port of an Alertmanager. */
  readonly alertmanager: string;
}

/** Starts Prometheus, which scrapes addresses (host and port), by the names of their jobs, twice a second. */
export async function startPrometheus(
  jobs: Readonly<Record<string, string>>,
  alerting?: Alerting,
): Promise<PrometheusServer> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const config = join(folder, 'prometheus.json');
  // YAML is a superset of JSON.
  writeFileSync(
    config,
    JSON.stringify({
      global: { scrape_interval: '500ms', scrape_timeout: '400ms', evaluation_interval: '500ms' },
      scrape_configs: Object.entries(jobs).map(([job, address]) => ({
        job_name: job,
        static_configs: [{ targets: [address] }],
      })),
      ...(alerting === undefined
        ? {}
        : {
            rule_files: [alerting.rules],
            alerting: { alertmanagers: [{ static_configs: [{ targets: [alerting.alertmanager] }] }] },
          }),
    }),
  );
  const url = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=${url.slice(7)}`,
      '--enable-feature=exemplar-storage',
    ],
    { stdio: 'ignore' },
  );
  await ready(url, child);
  const api = async (path: string): Promise<unknown> =>
    ((await (await fetch(`${url}/api/v1/${path}`)).json()) as { data: unknown }).data;
  return {
    async query(expression) {
      const data = (await api(`query?query=${encodeURIComponent(expression)}`)) as {
        result: { metric: Record<string, string>; value: [number, string] }[];
      };
      return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
    },
    async exemplars(series) {
      const now = Date.now() / 1000;
      const found = (await api(
        `query_exemplars?query=${encodeURIComponent(series)}&start=${now - 3600}&end=${now + 60}`,
      )) as { exemplars: { labels: { trace_id?: string } }[] }[];
      return found.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels.trace_id));
    },
    async targets() {
      const { activeTargets } = (await api('targets')) as {
        activeTargets: { labels: { job: string }; health: string; lastError: string }[];
      };
      return Object.fromEntries(
        activeTargets.map(({ labels, health, lastError }) => [labels.job, { health, lastError }]),
      );
    },
    async close() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (child.exitCode !== null) throw new Error(`prometheus ended with ${child.exitCode}`);
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(100);
  }
  throw new Error('prometheus does not get ready');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
