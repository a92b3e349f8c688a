import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type RunningSimulator, startSimulator } from '../src/simulator/index.js';
import { ask, metric } from './support/asking.js';
import { bootNode } from './support/boot.js';
import { type NodeProcess, runNode, served } from './support/process.js';
import { Receiver } from './support/webhook-receiver.js';

const WAIT = { timeout: 30_000, interval: 50 };

let closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.reverse()) await close();
  closers = [];
});

async function receiver(port = 0): Promise<{ url: string; port: number; hook: Receiver }> {
  const hook = new Receiver();
  const at = await hook.listen(port);
  closers.push(() => {
    hook.close();
  });
  return { url: `http://127.0.0.1:${at}/hook/secret-path`, port: at, hook };
}

async function stage(
  env: Record<string, string>,
): Promise<{ url: string; simulator: RunningSimulator; log: Record<string, unknown>[] }> {
  const simulator = await startSimulator({ wordDelayMs: 0 });
  const all = {
    GEMINI_UPSTREAM: 'gemini',
    GEMINI_BASE_URL: simulator.url,
    MAX_RETRY_ATTEMPTS: '1',
    CIRCUIT_BREAKER_TIMEOUT: '1s',
    ...env,
  };
  const { node, log } = await bootNode(all);
  closers.push(
    () => simulator.close(),
    () => node.drain(),
  );
  return { url: node.url, simulator, log };
}

async function openCircuit(url: string, simulator: RunningSimulator): Promise<void> {
  simulator.faults.preset('outage', 60_000);
  for (let n = 0; n < 6; n++) await (await ask(url, { form: 'gemini' })).text();
}

interface Shown {
  alerts: { name: string; state: string; silenced_until: string | null }[];
  channels: { name: string; waiting: number; last_error: string | null }[];
}
const shown = async (url: string): Promise<Shown> => (await (await fetch(`${url}/self/alerts`)).json()) as Shown;
const post = (url: string, body: unknown = {}): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

describe('alerts', () => {
  it('tell of an open circuit within seconds, signed, while another channel hangs, and name no address', async () => {
    const [good, bad] = [await receiver(), await receiver()];
    bad.hook.hangs = true;
    const env = { ALERT_WEBHOOK_URL: good.url, ALERT_WEBHOOK_SECRET: 'whsec_c2VjcmV0', ALERT_SLACK_URL: bad.url };
    const { url, simulator, log } = await stage(env);
    await openCircuit(url, simulator);
    await expect.poll(() => good.hook.got.length, WAIT).toBe(1);
    const { headers, raw, body } = good.hook.got[0]!;
    expect(body).toMatchObject({
      type: 'alert.firing',
      alerts: [{ name: 'CircuitOpen', severity: 'warning', state: 'firing' }],
    });
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${raw}`;
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', 'secret').update(signed).digest('base64')}`);
    expect(bad.hook.got[0]?.body.text).toContain('*CircuitOpen* (warning)');
    expect(await metric(url, 'l104_alerts{alert="CircuitOpen",severity="warning",state="firing"}')).toBe(1);
    expect(await metric(url, 'l104_alert_notices_total{channel="webhook",outcome="sent"}')).toBe(1);
    expect((await shown(url)).channels).toContainEqual(expect.objectContaining({ name: 'slack', waiting: 1 }));
    expect(JSON.stringify(log) + JSON.stringify(await shown(url))).not.toContain('secret-path');
    const journal = (await (await fetch(`${url}/self/journal?kind=alert_firing`)).json()) as { items: unknown[] };
    expect(journal.items).toMatchObject([{ kind: 'alert_firing', name: 'CircuitOpen' }]);
  });

  it('that are silenced reach nobody, and do when the silence is ended', async () => {
    const { url: hookUrl, hook } = await receiver();
    const { url, simulator } = await stage({ ALERT_WEBHOOK_URL: hookUrl });
    const silence = { alert: 'CircuitOpen', duration: '1h', reason: 'maintenance' };
    const { id } = (await (await post(`${url}/self/alerts/silences`, silence)).json()) as { id: string };
    await openCircuit(url, simulator);
    await expect
      .poll(async () => (await shown(url)).alerts, WAIT)
      .toContainEqual(
        expect.objectContaining({
          name: 'CircuitOpen',
          state: 'firing',
          silenced_until: expect.any(String) as unknown,
        }),
      );
    expect(hook.got).toEqual([]);
    expect((await fetch(`${url}/self/alerts/silences/${id}`, { method: 'DELETE' })).status).toBe(204);
    await expect.poll(() => hook.got.length, WAIT).toBe(1);
    expect((await fetch(`${url}/self/alerts/silences/${id}`, { method: 'DELETE' })).status).toBe(404);
    for (const body of [{ ...silence, alert: 'None' }, { ...silence, duration: '1y' }, { alert: 'CircuitOpen' }])
      expect((await post(`${url}/self/alerts/silences`, body)).status).toBe(400);
    for (let n = 0; n < 50; n++) expect((await post(`${url}/self/alerts/silences`, silence)).status).toBe(201);
    expect((await post(`${url}/self/alerts/silences`, silence)).status).toBe(409);
  });

  it('lead to their runbook on the node', async () => {
    const { url: hookUrl, hook } = await receiver();
    const { url, simulator } = await stage({ ALERT_WEBHOOK_URL: hookUrl, PUBLIC_URL: 'https://gateway.example/' });
    await openCircuit(url, simulator);
    await expect.poll(() => hook.got.length, WAIT).toBe(1);
    const { runbook } = hook.got[0]!.body.alerts[0] as unknown as { runbook: string };
    expect(runbook).toBe('https://gateway.example/docs/runbooks#circuitopen');
    const page = await (await fetch(url + new URL(runbook).pathname)).text();
    const { rules } = (await (await fetch(`${url}/self/alerts`)).json()) as { rules: { name: string }[] };
    expect(rules.length).toBeGreaterThan(7);
    for (const { name } of rules) expect(page).toContain(`<h2 id="${name.toLowerCase()}">${name}</h2>`);
  });

  it('wait for an address that was wrong and is mended, and not for one that will never take them', async () => {
    const [wrong, never] = [await receiver(), await receiver()];
    wrong.hook.status = 404;
    never.hook.status = 400;
    const { url, simulator } = await stage({ ALERT_WEBHOOK_URL: wrong.url, ALERT_SLACK_URL: never.url });
    await openCircuit(url, simulator);
    await expect.poll(() => wrong.hook.got.length, WAIT).toBeGreaterThan(1);
    wrong.hook.status = 200;
    const waiting = async (): Promise<unknown> =>
      (await shown(url)).channels.map((channel) => `${channel.name} ${channel.waiting}`);
    await expect.poll(waiting, WAIT).toEqual(expect.arrayContaining(['webhook 0', 'slack 0']));
    expect(new Set(wrong.hook.got.map(({ body }) => body.id)).size).toBe(1);
    expect(never.hook.got).toHaveLength(1);
    expect(await metric(url, 'l104_alert_notices_total{channel="slack",outcome="dropped"}')).toBe(1);
  });

  it('tell before the process ends that the watchdog ends it', async () => {
    const { url: hookUrl, hook } = await receiver();
    const { node } = await bootNode({ GEMINI_UPSTREAM: 'simulator', ALERT_WEBHOOK_URL: hookUrl });
    void node.lifecycle.leave({ code: 75, kind: 'healed', cause: 'local_overload', reason: 'The heap is full.' });
    await node.drain();
    const told = hook.got.flatMap(({ body }) => body.alerts);
    expect(told.filter(({ name }) => name === 'WatchdogExit')).toMatchObject([
      { summary: 'The process is being replaced, for local_overload: The heap is full.' },
    ]);
  });

  it('are tried by hand, channel by channel', async () => {
    const [good, bad] = [await receiver(), await receiver()];
    bad.hook.status = 410;
    const { url } = await stage({ ALERT_WEBHOOK_URL: good.url, ALERT_SLACK_URL: bad.url });
    const response = await post(`${url}/self/alerts/test`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      status: 'PARTIAL',
      channels: [
        { name: 'log', result: 'ok', error: null },
        { name: 'slack', result: 'failed', error: 'it answered 410' },
        { name: 'webhook', result: 'ok', error: null },
      ],
    });
    expect(good.hook.got[0]?.body).toMatchObject({ type: 'alert.test' });
  });
});

it('a notice that could not be delivered and a silence outlive kill -9, and the notice comes once', async () => {
  const held = await receiver();
  held.hook.close();
  const folder = mkdtempSync(join(tmpdir(), 'alerts-'));
  closers.push(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const simulator = await startSimulator({ wordDelayMs: 0 });
  closers.push(() => simulator.close());
  const env = {
    PORT: '0',
    GEMINI_UPSTREAM: 'gemini',
    GEMINI_BASE_URL: simulator.url,
    MAX_RETRY_ATTEMPTS: '1',
    CIRCUIT_BREAKER_TIMEOUT: '60s',
    STATE_SAVE_INTERVAL: '100ms',
    DATABASE_URL: `file:${join(folder, 'l104.db')}`,
    ALERT_WEBHOOK_URL: held.url,
  };
  let node: NodeProcess = runNode([], env);
  closers.push(async () => {
    node.child.kill('SIGKILL');
    await node.ended;
  });
  const url = await served(node);
  const silence = { alert: 'StoreDamaged', duration: '1h', reason: 'the disk is being changed' };
  const { id } = (await (await post(`${url}/self/alerts/silences`, silence)).json()) as { id: string };
  await openCircuit(url, simulator);
  await expect
    .poll(async () => (await shown(url)).channels.find(({ name }) => name === 'webhook'), WAIT)
    .toMatchObject({ waiting: 1, last_error: expect.stringContaining('ECONNREFUSED') as unknown });
  await new Promise((resolve) => setTimeout(resolve, 1000));
  node.child.kill('SIGKILL');
  await node.ended;
  const { hook } = await receiver(held.port);
  node = runNode([], env);
  const next = await served(node);
  await expect.poll(() => hook.got.length, WAIT).toBe(1);
  // The circuit is still open: nobody is told of that again.
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect(hook.got.map(({ body }) => [body.type, body.alerts[0]?.name])).toEqual([['alert.firing', 'CircuitOpen']]);
  expect((await shown(next)).alerts).toContainEqual(expect.objectContaining({ name: 'CircuitOpen', state: 'firing' }));
  const { silences } = (await (await fetch(`${next}/self/alerts/silences`)).json()) as { silences: unknown[] };
  expect(silences).toMatchObject([{ id, alert: 'StoreDamaged', reason: 'the disk is being changed' }]);
}, 90_000);
