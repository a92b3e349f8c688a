import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from './support/asking.js';
import { ROOT, type Stage, setStage } from './support/boot.js';
import { hasTool } from './support/tool.js';

const read = (path: string): string => readFileSync(join(ROOT, 'config', path), 'utf8');
/** Names of metrics in a text of PromQL, without what a histogram adds to its name. */
const metricsIn = (text: string): string[] =>
  [...text.matchAll(/\b(?:l104|process|nodejs)_[a-z0-9_]+\b/g)].map(([name]) => name.replace(/_bucket$/, ''));

let stage: Stage;
let exposed: Set<string>;
beforeAll(async () => {
  stage = await setStage();
  // A circuit and a bulkhead come with the first call of a model.
  await (await ask(stage.node.url, {})).text();
  const text = await (await fetch(`${stage.node.url}/metrics`, { headers: { accept: 'text/plain' } })).text();
  exposed = new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name!));
});
afterAll(() => stage.close());

function passes(tool: string, ...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(tool, args, { cwd: join(ROOT, 'config'), encoding: 'utf8' });
  expect(`${status}`, stdout + stderr).toBe('0');
}

describe('the files for Prometheus and Grafana', () => {
  it.runIf(hasTool('promtool', 'tests of the alert rules'))(
    'have rules that fire for what they are for, and for nothing else',
    () => {
      passes('promtool', 'check', 'config', 'prometheus/prometheus.yml');
      passes('promtool', 'test', 'rules', 'prometheus/rules.test.yml');
    },
  );

  it.runIf(hasTool('amtool', 'check of the settings of Alertmanager'))('have settings that Alertmanager takes', () => {
    passes('amtool', 'check-config', 'alertmanager/alertmanager.yml');
  });

  it.each(['prometheus/rules.yml', 'grafana/boards/l104-node.json'])(
    '%s asks for metrics that the node has',
    (path) => {
      const asked = metricsIn(read(path)).filter((name) => name !== 'l104_requests_failed');
      expect(asked.length).toBeGreaterThan(10);
      expect([...new Set(asked)].filter((name) => !exposed.has(name))).toEqual([]);
    },
  );

  it('point to a text for every alert', () => {
    const named = [...read('prometheus/rules.yml').matchAll(/- alert: (\w+)[\s\S]*?runbook_url: (\S+)#(\S+)/g)];
    expect(named.length).toBeGreaterThan(8);
    for (const [, alert, page, anchor] of named) {
      expect(anchor).toBe(alert!.toLowerCase());
      expect(readFileSync(join(ROOT, page!), 'utf8'), alert).toMatch(new RegExp(`^#+ ${alert}$`, 'm'));
    }
  });
});
