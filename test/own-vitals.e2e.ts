import { EventEmitter, once } from 'node:events';
import { statfs } from 'node:fs/promises';
import { type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { DiscoveryService } from '@nestjs/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Gateway } from '../src/gemini/index.js';
import { HealService } from '../src/heal/index.js';
import { type Vital, vitals } from '../src/watchdog/index.js';
import { ask, metric } from './support/asking.js';
import { type Stage, setStage } from './support/boot.js';

const GIB = 1024 ** 3;

let stage: Stage;
beforeEach(async () => {
  stage = await setStage({ ENABLE_WATCHDOG_ENV: 'false' });
});
afterEach(() => stage.close());

function vital(name: string): Vital {
  const found = vitals
    .collect(stage.node.app.get(DiscoveryService, { strict: false }))
    .find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no vital ${name}`);
  return found;
}

async function look(name: string, times = 1): Promise<ReturnType<Vital['read']>> {
  const one = vital(name);
  for (let i = 0; i < times; i++) await one.refresh?.(AbortSignal.timeout(6000));
  return one.read();
}

const requests = async (): Promise<unknown> =>
  ((await (await fetch(`${stage.node.url}/health`)).json()) as Record<string, unknown>)['requests_total'];

describe('the node at its own front door', () => {
  const server = (): Server => stage.node.app.getHttpServer();

  it('is answered, and counts no request', async () => {
    await (await ask(stage.node.url, {})).text();
    expect(await look('front_door', 3)).toBeUndefined();
    expect(await requests()).toBe(1);
  });

  it('is found shut when nobody answers three times in a row, until somebody does', async () => {
    const slam = (socket: { destroy(): void }): void => {
      socket.destroy();
    };
    server().prependListener('connection', slam);
    expect(await look('front_door', 2)).toBeUndefined();
    expect(await look('front_door')).toMatchObject({
      severity: 'unhealthy',
      cause: 'internal_fault',
      restartCures: true,
    });
    server().removeListener('connection', slam);
    expect(await look('front_door')).toBeUndefined();
  });

  it('that is full of clients is overloaded, which no restart cures', async () => {
    server().closeAllConnections();
    server().maxConnections = 1;
    const { port } = new URL(stage.node.url);
    const client = connect(Number(port), '127.0.0.1');
    await once(client, 'connect');
    expect(await look('front_door', 3)).toMatchObject({ cause: 'local_overload', restartCures: false });
    client.destroy();
    await once(client, 'close');
    await expect.poll(() => look('front_door')).toBeUndefined();
  });
});

it('a disk that is almost full is told, with the directory and no more of its path', async () => {
  await stage.close();
  const { bavail, bsize } = await statfs(tmpdir());
  stage = await setStage({
    ENABLE_WATCHDOG_ENV: 'false',
    MEMORY_DISK_MINIMUM: `${Math.ceil((bavail * bsize) / GIB) + 50}GiB`,
  });
  const finding = await look('disk_space');
  expect(finding).toMatchObject({ severity: 'degraded', cause: 'store_fault', healable: false });
  expect(finding?.reason).toMatch(/^The disk of the memory store is almost full: \d+ MiB are free/);
  expect(JSON.stringify(finding)).not.toContain(tmpdir());
});

it('a heal of an overload drops kept answers and halves the limits; one by hand does neither', async () => {
  await stage.close();
  stage = await setStage({ ENABLE_WATCHDOG_ENV: 'false', STALE_IF_ERROR: '10m' });
  await (await ask(stage.node.url, {})).text();
  const limit = (): Promise<number> =>
    metric(stage.node.url, 'l104_concurrency_limit{bulkhead="gemini-2.5-flash stream"}');
  const before = await limit();
  expect(await metric(stage.node.url, 'l104_shared_answers_memory_bytes')).toBeGreaterThan(0);
  const healing = stage.node.app.get(HealService, { strict: false });
  const plain = await healing.run({ by: 'admin', level: 'medium', options: {}, reason: 'Asked for by hand.' });
  expect(plain.actions).not.toEqual(expect.arrayContaining(['answers_dropped']));
  expect(await limit()).toBe(before);
  const run = await healing.run({
    by: 'watchdog',
    cause: 'local_overload',
    level: 'medium',
    reason: 'Too much to do.',
  });
  expect(run).toMatchObject({ status: 'OK', actions: ['answers_dropped', 'limits_shrunk'] });
  expect(await limit()).toBe(before / 2);
  expect(await metric(stage.node.url, 'l104_shared_answers_memory_bytes')).toBe(0);
  expect((await ask(stage.node.url, {})).status).toBe(200);
});

describe('memory and descriptors', () => {
  it.each(['heap', 'resident_memory', 'file_descriptors', 'disk_space', 'memory_store'])(
    '%s is well on an idle node',
    async (name) => {
      expect(await look(name, 3)).toBeUndefined();
    },
  );
});

it('a call that has not ended long after its deadline is stuck, until it ends', () => {
  const gateway = stage.node.app.get(Gateway, { strict: false });
  const deadline = { lateMs: 31_000 };
  const call = { place: -1, deadline, reply: { begun: false, over: false }, failed: () => undefined };
  const response = Object.assign(new EventEmitter(), { req: { headers: {} } }) as unknown as ServerResponse;
  gateway.enter(response, () => call);
  expect(vital('stuck_calls').read()).toMatchObject({
    cause: 'internal_fault',
    restartCures: true,
    evidence: { stuck: 1, oldest_seconds_late: 31 },
  });
  deadline.lateMs = 29_000;
  expect(vital('stuck_calls').read()).toBeUndefined();
  deadline.lateMs = 31_000;
  response.emit('close');
  expect(vital('stuck_calls').read()).toBeUndefined();
});
