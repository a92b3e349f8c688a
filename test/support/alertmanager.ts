import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from './boot.js';
import { Receiver } from './webhook-receiver.js';

/** A running Alertmanager. */
export interface Alertmanager {
  /** Host and port. */
  readonly at: string;
  /** The alerts that stand there: name, severity and instance of each. */
  alerts(): Promise<string[]>;
  close(): Promise<void>;
}

/** Starts Alertmanager with the settings of this repository, alone. */
export async function startAlertmanager(): Promise<Alertmanager> {
  const folder = mkdtempSync(join(tmpdir(), 'alertmanager-'));
  const free = new Receiver();
  const at = `127.0.0.1:${await free.listen()}`;
  free.close();
  const child = spawn(
    'prometheus-alertmanager',
    [
      `--config.file=${join(ROOT, 'config/alertmanager/alertmanager.yml')}`,
      `--web.listen-address=${at}`,
      `--storage.path=${folder}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  );
  await ready(at, child);
  return {
    at,
    async alerts() {
      const alerts = (await (await fetch(`http://${at}/api/v2/alerts`)).json()) as { labels: Record<string, string> }[];
      return alerts.map(({ labels }) => `${labels['alertname']} ${labels['severity']} ${labels['instance']}`);
    },
    async close() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ready(at: string, child: ChildProcess): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if (child.exitCode !== null) throw new Error(`alertmanager ended with ${child.exitCode}`);
    const answer = await fetch(`http://${at}/-/ready`).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(100);
  }
  throw new Error('alertmanager does not get ready');
}
