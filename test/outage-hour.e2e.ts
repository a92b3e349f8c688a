import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { Journal } from '../src/heal/index.js';
import { ManualClock } from '../src/kernel/clock.js';
import { type RunningNode } from '../src/start-node.js';
import { Watchdog } from '../src/watchdog/index.js';
import { ask, metric } from './support/asking.js';
import { bootNode } from './support/boot.js';

const ANSWER = { candidates: [{ content: { parts: [{ text: 'Hello' }] }, finishReason: 'STOP' }] };
/** Pace of the checks, as an operator has it, and how many of them an hour has. */
const CHECK_MS = 30_000;
const CHECKS = 120;

let node: RunningNode;
let server: Server;
afterEach(async () => {
  await node.drain();
  server.closeAllConnections();
  server.close();
});

async function upstream(port: number): Promise<number> {
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(ANSWER));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function call(): Promise<number> {
  const response = await ask(node.url, { form: 'gemini' });
  await response.arrayBuffer();
  return response.status;
}

const shown = async (): Promise<{ state: string; summary: string }> =>
  (await (await fetch(`${node.url}/health`)).json()) as { state: string; summary: string };

async function circuit(): Promise<string> {
  const { circuits } = (await (await fetch(`${node.url}/self/circuits`)).json()) as { circuits: { state: string }[] };
  expect(circuits).toHaveLength(1);
  return circuits[0]!.state;
}

it('an upstream that is down for an hour: no restart, no circuit slammed, honest all the time, and back by itself', async () => {
  const clock = new ManualClock(Date.now());
  const port = await upstream(0);
  const env = { GEMINI_UPSTREAM: 'gemini', GEMINI_BASE_URL: `http://127.0.0.1:${port}`, MAX_RETRY_ATTEMPTS: '2' };
  const booted = await bootNode({ ...env, WATCHDOG_INTERVAL: '1h', RETRY_BACKOFF_BASE: '1ms' }, { clock });
  node = booted.node;
  const [watchdog, journal] = [node.app.get(Watchdog), node.app.get(Journal)];
  /** One check of the watchdog, with two calls before it. */
  const check = async (): Promise<number[]> => {
    const statuses = [await call(), await call()];
    clock.advance(CHECK_MS);
    await watchdog.look(true);
    return statuses;
  };
  expect(await check()).toEqual([200, 200]);
  server.closeAllConnections();
  server.close();
  const circuits: string[] = [];
  const states = new Set<string>();
  for (let index = 0; index < CHECKS; index++) {
    for (const status of await check()) expect([502, 503]).toContain(status);
    circuits.push(await circuit());
    const { state, summary } = await shown();
    states.add(state);
    if (index > 2) expect(summary).toMatch(/^Failing since .*: \d+ % of .* fail.*connections are refused/);
  }
  // Once it is open nothing but an answer closes it.
  expect(new Set(circuits.slice(circuits.indexOf('open')))).toEqual(new Set(['open']));
  // It is tried again and again, after waits that grow up to ten minutes: 1 + 2 + 4 + 8 + 10 + 10 + … minutes.
  const opens = await metric(node.url, 'l104_circuit_opens_total');
  expect(opens).toBeGreaterThanOrEqual(5);
  expect(opens).toBeLessThanOrEqual(10);
  expect([...states].filter((state) => state === 'healthy')).toEqual([]);
  expect(node.lifecycle.departure).toBeUndefined();
  expect(booted.log.filter(({ event }) => event === 'watchdog_exit')).toEqual([]);
  const heals = journal.since(0).entries.filter(({ kind }) => kind.startsWith('heal_'));
  const told = heals.map(({ kind, body }) => [kind, body['cause'], body['by'], body['verdict']]);
  // The HTTP client tries new connections at the tenth error, as it does for whatever error; once, and it is seen not to help.
  expect(told).toEqual([
    ['heal_declined', 'upstream_outage', undefined, undefined],
    ['heal_run', 'connection_fault', 'http_client', 'not_cured'],
    ['heal_verdict', 'connection_fault', undefined, 'not_cured'],
  ]);

  await upstream(port);
  // The longest time of a circuit is over.
  clock.advance(600_000);
  // As many successes as bring the score of errors below its threshold.
  for (let index = 0; index < 6; index++) expect(await call()).toBe(200);
  await watchdog.look(true);
  const { state, summary } = await shown();
  expect(state).toBe('healthy');
  // Two calls at each of 120 checks, and 10 more minutes.
  expect(summary).toMatch(
    /^Healthy again since \d\d:\d\d UTC\. Upstream outage lasted 1 h 9 min; 240 requests failed\.$/,
  );
}, 120_000);
