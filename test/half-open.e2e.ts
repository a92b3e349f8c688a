import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HealService } from '../src/heal/index.js';
import { ConnectionPool } from '../src/http-client/index.js';
import { type RunningSimulator, startSimulator } from '../src/simulator/index.js';
import { type Condition } from '../src/watchdog/domain/node-state.js';
import { type Finding, NodeHealth } from '../src/watchdog/index.js';
import { ask, many, metric } from './support/asking.js';
import { bootNode, type Stage } from './support/boot.js';
import { type FreezingProxy, startFreezing } from './support/freezing-proxy.js';

/** No second try and no circuit: what fails is seen to fail. */
const PLAIN = {
  GEMINI_UPSTREAM: 'gemini',
  MAX_RETRY_ATTEMPTS: '1',
  CIRCUIT_BREAKER_THRESHOLD: '1000',
  CIRCUIT_BREAKER_FAILURE_RATE: '1',
  TTFT_TIMEOUT_MS: '500ms',
  TTFT_TIMEOUT_FLOOR: '500ms',
  HTTP_CLIENT_IDLE_TIMEOUT: '60s',
};

let node: Stage['node'];
let log: Stage['log'];
let closers: (() => unknown)[] = [];
afterEach(async () => {
  await node.drain();
  for (const close of closers) await close();
  closers = [];
});

async function boot(baseUrl: string, env: Record<string, string> = {}): Promise<void> {
  ({ node, log } = await bootNode({ ...PLAIN, GEMINI_BASE_URL: baseUrl, ...env }));
}

async function call(): Promise<number> {
  const response = await ask(node.url, {});
  await response.text();
  return response.status;
}

/** Calls at the same time: each takes a connection of its own, where there is one. */
const calls = (count: number): Promise<number[]> => Promise.all(many(count, call));

async function fail(count: number): Promise<void> {
  expect(await calls(count)).toEqual(many(count, () => 504));
}

const upstream = (): (Condition & Finding) | undefined =>
  node.app
    .get(NodeHealth, { strict: false })
    .conditions()
    .find(({ name }) => name === 'upstream') as (Condition & Finding) | undefined;

const generation = (): number => node.app.get(ConnectionPool, { strict: false }).generation;

/** What the watchdog does about it. */
async function heal(): Promise<readonly string[]> {
  const healing = node.app.get(HealService, { strict: false });
  const asked = { by: 'watchdog', cause: 'connection_fault', level: 'medium', reason: 'Connections have gone bad.' };
  return (await healing.run(asked as Parameters<HealService['run']>[0])).actions;
}

describe('connections that are half open', () => {
  let simulator: RunningSimulator;
  let proxy: FreezingProxy;

  async function setUp(connections: number, env: Record<string, string> = {}): Promise<void> {
    simulator = await startSimulator({ wordDelayMs: 5 });
    proxy = await startFreezing(simulator.url);
    closers = [() => proxy.close(), () => simulator.close()];
    await boot(proxy.url, env);
    expect(await calls(connections)).toEqual(many(connections, () => 200));
    expect(proxy.open).toBe(connections);
    proxy.freeze();
  }

  it('are told from an outage, and a heal of that cause cures it', async () => {
    await setUp(5);
    await fail(3);
    await expect.poll(() => upstream()?.cause).toBe('connection_fault');
    expect(upstream()).toMatchObject({ severity: 'degraded', urgent: true });
    expect(upstream()?.reason).toMatch(
      /^The connections to Gemini have gone bad: the last 3 attempts ended with timeout/,
    );
    expect(await metric(node.url, 'l104_http_client_errors_total{fault="silent"}')).toBe(3);
    expect(await heal()).toContain('http_client_reset');
    expect(upstream()).toBeUndefined();
    expect(await call()).toBe(200);
    expect(upstream()).toBeUndefined();
  });

  it('are replaced without anybody when they have become too many', async () => {
    await setUp(5, { HTTP_CLIENT_ERROR_THRESHOLD: '4' });
    await fail(4);
    expect(generation()).toBe(2);
    expect(log.find(({ event }) => event === 'http_client_auto_reset')).toMatchObject({ fault: 'silent' });
    expect(await call()).toBe(200);
    expect(upstream()).toBeUndefined();
  });

  it('are replaced at the tenth error while a stream on a good one goes on to its end', async () => {
    await setUp(0);
    const streamed = await ask(node.url, { text: 'Hello #words=4000' });
    const text = streamed.text();
    expect(await calls(11)).toEqual(many(11, () => 200));
    expect(proxy.open).toBe(12);
    proxy.freeze(1);
    await fail(10);
    expect(generation()).toBe(2);
    expect(await call()).toBe(200);
    expect(proxy.open, 'the stream and the new one').toBe(2);
    const whole = await text;
    expect(whole).toContain('"finishReason":"STOP"');
    expect(whole.match(/\w+/g)!.length).toBeGreaterThan(4000);
    expect(log.filter(({ event }) => event === 'stream_resumed' || event === 'stream_failed')).toEqual([]);
  });

  it('are no reason to wait for circuits that opened on them: the next call on new ones is served', async () => {
    await setUp(12, { CIRCUIT_BREAKER_THRESHOLD: '5', CIRCUIT_BREAKER_TIMEOUT: '10m' });
    // The default: ten in a row. All are under way before the fifth opens the circuit.
    await fail(12);
    expect(await metric(node.url, 'l104_circuit_opens_total')).toBe(1);
    expect(generation()).toBe(2);
    expect(await call()).toBe(200);
  });
});

it('a model that hangs while models are listed gets new connections once, and is an outage then', async () => {
  let hangs = false;
  const server: Server = createServer((request, response) => {
    request.resume();
    if (request.method === 'GET') response.end('{"models":[]}');
    else if (!hangs) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end('data: {"candidates":[{"content":{"parts":[{"text":"Hi"}]},"finishReason":"STOP"}]}\n\n');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers = [
    () => {
      server.closeAllConnections();
      server.close();
    },
  ];
  await boot(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  expect(await call()).toBe(200);
  hangs = true;
  await fail(3);
  await expect.poll(() => upstream()?.cause).toBe('connection_fault');
  expect(await heal()).toContain('http_client_reset');
  await fail(3);
  await expect.poll(() => upstream()?.cause).toBe('upstream_outage');
  await fail(2);
  expect(upstream()).toMatchObject({ cause: 'upstream_outage', evidence: { failures_in_a_row: 5 } });
  expect(generation()).toBe(2);
  hangs = false;
  expect(await call()).toBe(200);
  expect(upstream()).toBeUndefined();
});
