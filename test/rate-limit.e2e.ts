import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { RequestErrorsVital } from '../src/watchdog/index.js';
import { BODIES, CHAT, LimitedStage, NATIVE, STREAM } from './support/limited-stage.js';

let node: LimitedStage;
afterEach(() => node.stage.close());

describe('what clients are told', () => {
  it('counts every route against one limit, and tells on each what is left', async () => {
    node = await LimitedStage.set(20);
    const paths = [
      ...Object.keys(BODIES),
      '/v1beta/models',
      '/v1/models',
      '/memory/a',
      '/memory/nothing',
      '/memory?limit=1',
    ];
    let left = 20;
    for (const path of [...paths, '/v1beta/no/such/thing', '/v1beta//models', '/API/v6/stream', '/Memory/a']) {
      const response = await node.send(path);
      await response.arrayBuffer();
      left--;
      expect(response.headers.get('ratelimit-policy'), path).toBe('"default";q=20;w=3600');
      const [, r, t] = /^"default";r=(\d+);t=(\d+)$/.exec(response.headers.get('ratelimit') ?? '') ?? [];
      expect(Number(r), path).toBe(left);
      expect(Number(t), path).toBeGreaterThan(0);
      expect(Number(t), path).toBeLessThanOrEqual(3600);
    }
  });

  it('tells clients of OpenAI in their words, and no one else', async () => {
    node = await LimitedStage.set(10);
    const chat = await node.send(CHAT);
    expect(chat.headers.get('x-ratelimit-limit-requests')).toBe('10');
    expect(chat.headers.get('x-ratelimit-remaining-requests')).toBe('9');
    expect(chat.headers.get('x-ratelimit-reset-requests')).toMatch(/^5[89]m\d+s$|^1h0m0s$/);
    expect((await node.send(NATIVE)).headers.get('x-ratelimit-limit-requests')).toBeNull();
  });

  it('refuses in every dialect, with a wait that all of them carry', async () => {
    node = await LimitedStage.set(1, { RATE_LIMIT_WINDOW: '30s' });
    expect(await node.status(NATIVE)).toBe(200);
    const asked = node.stage.simulator.journal.counts.received;
    const native = await node.send(NATIVE);
    expect(native.status).toBe(429);
    const wait = Number(native.headers.get('retry-after-ms'));
    expect(wait).toBeGreaterThan(0);
    expect(native.headers.get('retry-after')).toBe(String(Math.ceil(wait / 1000)));
    expect(native.headers.get('ratelimit')).toBe(`"default";r=0;t=${Math.ceil(wait / 1000)}`);
    expect(await native.json()).toMatchObject({
      error: {
        code: 429,
        status: 'RESOURCE_EXHAUSTED',
        message: 'This client has used up its limit of 1 requests in 30 s.',
        details: [{ reason: 'RATE_LIMITED', domain: 'l104' }, {}, { retryDelay: `${wait / 1000}s` }],
      },
    });
    expect((await node.send(STREAM)).status).toBe(429);
    const chat = await node.send(CHAT);
    expect(chat.headers.get('x-ratelimit-remaining-requests')).toBe('0');
    expect(await chat.json()).toMatchObject({ error: { type: 'rate_limit_error', code: 'RATE_LIMITED' } });
    for (const path of ['/api/v6/stream', '/api/stream', '/memory', '/memory/a', '/MEMORY/a', '/memory?limit=1']) {
      const response = await node.send(path);
      expect(response.headers.get('content-type'), path).toBe('application/problem+json');
      expect(Number(response.headers.get('retry-after')), path).toBeGreaterThan(0);
      expect(await response.json(), path).toMatchObject({
        status: 429,
        code: 'RATE_LIMITED',
        type: '/docs/errors#rate_limited',
      });
    }
    expect(node.stage.simulator.journal.counts.received).toBe(asked);
    expect(await node.metric('l104_calls_refused_total{reason="rate"}')).toBe(9);
    expect(await node.metric('l104_requests_total{route="memory",status="429"}')).toBe(4);
    expect(await node.metric('l104_requests_total{route="gemini",status="429"}')).toBe(2);
    expect(await node.metric('l104_calls_in_flight')).toBe(0);
  });

  it('asks clients not to sleep through a wait of more than a minute', async () => {
    node = await LimitedStage.set(1);
    await node.status(NATIVE);
    for (const path of [NATIVE, CHAT, '/memory/a']) {
      expect((await node.send(path)).headers.get('x-should-retry'), path).toBe('false');
    }
  });

  it('lets a client in again after the wait it told, and not much before', async () => {
    node = await LimitedStage.set(4, { RATE_LIMIT_WINDOW: '2s' });
    for (const path of [NATIVE, '/memory', CHAT]) {
      let limited: Response | undefined;
      for (let i = 0; i < 100 && limited === undefined; i++) {
        const response = await node.send(path);
        await response.arrayBuffer();
        if (response.status === 429) limited = response;
      }
      const wait = Number(limited?.headers.get('retry-after-ms'));
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(4000);
      // Timers may fire a moment early.
      await sleep(wait + 5);
      expect(await node.status(path)).toBe(200);
    }
  });

  it('lets no more through at once than one after the other', async () => {
    node = await LimitedStage.set(5);
    const all = await Promise.all(Array.from({ length: 30 }, () => node.status(NATIVE)));
    expect(all.filter((one) => one === 200)).toHaveLength(5);
  });
});

describe('what stays as it was', () => {
  it('the probes, the metrics, the page and the administration answer a limited client', async () => {
    node = await LimitedStage.set(1);
    await node.status(NATIVE);
    expect(await node.status(NATIVE)).toBe(429);
    const free = [
      '/',
      '/health',
      '/health/live',
      '/health/ready',
      '/livez',
      '/readyz',
      '/metrics',
      '/metrics/prometheus',
    ];
    for (const path of [...free, '/docs', '/openapi.json', '/docs/errors', '/self/circuits', '/self/heal/plan']) {
      for (let i = 0; i < 3; i++) {
        const response = await node.send(path);
        await response.arrayBuffer();
        expect(response.status, path).toBe(200);
        expect(response.headers.get('ratelimit'), path).toBeNull();
      }
    }
  });

  it('a flood of refused requests says nothing of the node’s health, good or bad', async () => {
    node = await LimitedStage.set(8, { MAX_RETRY_ATTEMPTS: '1', CIRCUIT_BREAKER_THRESHOLD: '1000' });
    node.stage.simulator.faults.preset('outage', 600_000);
    for (let i = 0; i < 8; i++) expect(await node.status(NATIVE)).toBe(503);
    const { errors } = node.stage.node.app.get(RequestErrorsVital);
    const before = errors.score;
    expect(errors.failing).toBe(true);
    for (const path of [NATIVE, CHAT, '/memory', '/api/v6/stream'])
      for (let i = 0; i < 10; i++) expect(await node.status(path)).toBe(429);
    expect(errors.score).toBe(before);
    // The node looks after a failing upstream by itself; that is no call.
    expect(node.stage.simulator.journal.records.filter(({ method }) => method === 'generateContent')).toHaveLength(8);
  });

  it('a heal forgets what clients have sent, and shows it', async () => {
    node = await LimitedStage.set(1);
    for (const key of ['one-key', 'another-key']) await node.status(NATIVE, { 'x-goog-api-key': key });
    expect(await node.status(NATIVE, { 'x-goog-api-key': 'one-key' })).toBe(429);
    expect(await node.metric('l104_rate_limit_clients')).toBe(2);
    const run = (await (await fetch(`${node.stage.node.url}/self/heal`, { method: 'POST' })).json()) as {
      steps: { name: string; before: unknown; after: unknown }[];
    };
    const step = run.steps.find(({ name }) => name === 'rate_limits_cleared');
    expect(step).toMatchObject({ before: { clients: 2 }, after: { clients: 0 } });
    expect(await node.status(NATIVE, { 'x-goog-api-key': 'one-key' })).toBe(200);
  });
});
