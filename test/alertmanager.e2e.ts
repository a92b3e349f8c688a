import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../src/kernel/clock.js';
import { type RunningSimulator, startSimulator } from '../src/simulator/index.js';
import { type Alertmanager, startAlertmanager } from './support/alertmanager.js';
import { ask } from './support/asking.js';
import { bootNode, ROOT } from './support/boot.js';
import { startPrometheus } from './support/prometheus-server.js';
import { hasTool } from './support/tool.js';

const WAIT = { timeout: 60_000, interval: 100 };

let closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.reverse()) await close();
  closers = [];
});

interface Stage {
  readonly url: string;
  readonly simulator: RunningSimulator;
  readonly manager: Alertmanager;
}

/** A node that asks a simulator, and an Alertmanager. */
async function stage(env: (manager: Alertmanager) => Record<string, string>, clock: Clock): Promise<Stage> {
  const manager = await startAlertmanager();
  closers.push(() => manager.close());
  const simulator = await startSimulator({ wordDelayMs: 0 });
  closers.push(() => simulator.close());
  const settings = {
    GEMINI_UPSTREAM: 'gemini',
    GEMINI_BASE_URL: simulator.url,
    MAX_RETRY_ATTEMPTS: '1',
    CIRCUIT_BREAKER_TIMEOUT: '1s',
    NODE_NAME: 'test-1',
    ...env(manager),
  };
  const { node } = await bootNode(settings, { clock });
  closers.push(() => node.drain());
  return { url: node.url, simulator, manager };
}

async function openCircuit({ url, simulator }: Stage): Promise<void> {
  simulator.faults.preset('outage', 60_000);
  for (let n = 0; n < 6; n++) await (await ask(url, { form: 'gemini' })).text();
}

async function recover({ url, simulator }: Stage): Promise<void> {
  simulator.faults.clear();
  await expect.poll(async () => (await ask(url, { form: 'gemini' })).status, WAIT).toBe(200);
}

/** The rules of this repository in a file of their own, but what flaps is one alert for so long only. */
function rulesKeptFor(time: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));
  closers.push(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const kept = readFileSync(join(ROOT, 'config/prometheus/rules.yml'), 'utf8').replaceAll(
    /keep_firing_for: \w+/g,
    `keep_firing_for: ${time}`,
  );
  const path = join(folder, 'rules.yml');
  writeFileSync(path, kept);
  return path;
}

describe.runIf(hasTool('prometheus-alertmanager', 'alerts in a real Alertmanager'))('a real Alertmanager', () => {
  it('hears of an alert from the node, and of its end', async () => {
    // What must be gone for half a minute is, when the clock goes on by it; the time of the day stays that of Alertmanager.
    let ahead = 0;
    const clock: Clock = { now: () => systemClock.now() + ahead, wall: () => systemClock.wall() };
    const set = await stage(({ at }) => ({ ALERT_ALERTMANAGER_URL: `http://${at}/` }), clock);
    const { url, manager } = set;
    await openCircuit(set);
    await expect.poll(() => manager.alerts(), WAIT).toContain('CircuitOpen warning test-1');
    ahead += 600_000;
    await recover(set);
    const state = async (): Promise<string | undefined> => {
      const { alerts } = (await (await fetch(`${url}/self/alerts`)).json()) as {
        alerts: { name: string; state: string }[];
      };
      return alerts.find(({ name }) => name === 'CircuitOpen')?.state;
    };
    await expect.poll(state, WAIT).toBe('firing');
    // It goes on for as long as its fact may come back; each look moves that on.
    await expect
      .poll(async () => {
        ahead += 31_000;
        return await state();
      }, WAIT)
      .toBe('resolved');
    await expect.poll(() => manager.alerts(), WAIT).not.toContain('CircuitOpen warning test-1');
  }, 180_000);

  it.runIf(hasTool('prometheus', 'a rule of a real Prometheus'))(
    'hears of the same from a Prometheus that scrapes the node by the rules in config, and of its end',
    async () => {
      const set = await stage(() => ({}), systemClock);
      const { manager, url } = set;
      const host = new URL(url).host;
      const rules = rulesKeptFor('2s');
      const prometheus = await startPrometheus({ 'l104-node': host }, { rules, alertmanager: manager.at });
      closers.push(() => prometheus.close());
      await openCircuit(set);
      await expect.poll(() => manager.alerts(), WAIT).toContain(`CircuitOpen warning ${host}`);
      await recover(set);
      await expect.poll(() => manager.alerts(), WAIT).not.toContain(`CircuitOpen warning ${host}`);
    },
    180_000,
  );
});
