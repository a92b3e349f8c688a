import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type RunningNode } from '../src/start-node.js';
import { bootNode, type Stage } from './support/boot.js';
import { call, type Headers, journalled, signedIn, signIn, status, TOKEN } from './support/signing-in.js';

const nodes: RunningNode[] = [];
let log: Stage['log'];
const start = async (env: Headers = { ADMIN_TOKEN: TOKEN }): Promise<RunningNode> => {
  const booted = await bootNode({ GEMINI_UPSTREAM: 'simulator', ...env });
  nodes.push(booted.node);
  ({ log } = booted);
  return booted.node;
};
afterEach(async () => {
  for (const node of nodes.splice(0)) await node.drain();
});

describe('a page of another site', () => {
  const FOREIGN = [
    { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:9999' },
    { origin: 'http://127.0.0.1:9999' },
    { origin: 'null' },
  ];

  it('does nothing with the cookie, and what says nothing of where it comes from changes nothing', async () => {
    const node = await start();
    const { cookie = '' } = await signedIn(node);
    for (const from of [...FOREIGN, { 'sec-fetch-site': 'none' }, {}]) {
      expect(await status(node, 'POST', '/self/heal', { cookie, ...from }), JSON.stringify(from)).toBe(403);
    }
    for (const from of FOREIGN) {
      expect(await status(node, 'GET', '/self/events', { cookie, ...from })).toBe(403);
      expect(await status(node, 'DELETE', '/self/session', { cookie, ...from })).toBe(403);
    }
    expect(await status(node, 'POST', '/self/heal', { cookie, origin: node.url })).toBe(200);
    expect(await status(node, 'GET', '/self/circuits', { cookie, 'sec-fetch-site': 'none' })).toBe(200);
    await expect.poll(() => journalled(node)).toHaveLength(8);
    const refused = (await journalled(node)).filter(({ outcome }) => outcome === 403);
    expect(refused).toHaveLength(6);
    for (const { who } of refused) expect(who).toMatch(/^session:/);
  });

  it('signs nobody in', async () => {
    const node = await start();
    for (const from of FOREIGN) expect((await signIn(node, TOKEN, from)).status).toBe(403);
    // A form of another site can send no JSON.
    const form = await fetch(`${node.url}/self/session`, {
      method: 'POST',
      body: new URLSearchParams({ token: TOKEN }),
    });
    expect(form.status).toBe(400);
    expect((await signIn(node, TOKEN, {})).status).toBe(204);
  });

  it('is not allowed to bring cookies, whoever may call', async () => {
    for (const origins of ['*', 'https://app.example.com']) {
      const node = await start({ ADMIN_TOKEN: TOKEN, CORS_ORIGINS: origins });
      const { cookie = '' } = await signedIn(node);
      const from = { cookie, origin: 'https://app.example.com' };
      for (const [method, path] of [
        ['GET', '/self/circuits'],
        ['POST', '/self/heal'],
        ['OPTIONS', '/self/heal'],
        ['POST', '/self/session'],
      ] as const) {
        const answer = await call(node, method, path, from);
        expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
        if (method !== 'OPTIONS') expect(answer.status).toBeGreaterThanOrEqual(400);
      }
    }
  });
});

describe('the figures', () => {
  it('are for administrators too, where METRICS_TOKEN is set', async () => {
    const node = await start({ ADMIN_TOKEN: TOKEN, METRICS_TOKEN: 'the-metrics-token' });
    const mine = await signedIn(node);
    for (const path of ['/metrics', '/metrics/history', '/metrics/prometheus']) {
      expect(await status(node, 'GET', path, {})).toBe(401);
      expect(await status(node, 'GET', path, mine)).toBe(200);
      expect(await status(node, 'GET', path, { authorization: `Bearer ${TOKEN}` })).toBe(200);
      expect(await status(node, 'GET', path, { authorization: 'Bearer the-metrics-token' })).toBe(200);
      expect(await status(node, 'GET', path, { ...mine, 'sec-fetch-site': 'cross-site' })).toBe(401);
    }
    expect(await status(node, 'GET', '/self/circuits', { authorization: 'Bearer the-metrics-token' })).toBe(401);
    // To be on this machine is enough for /self, but not where there is a token to show.
    const local = await start({ METRICS_TOKEN: 'the-metrics-token' });
    expect(await status(local, 'GET', '/metrics', {})).toBe(401);
  });
});

it('the cookie goes no further than the node', async () => {
  const sent: string[][] = [];
  const upstream = createServer((request, response) => {
    sent.push(request.rawHeaders);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  const node = await start({ ADMIN_TOKEN: TOKEN, GEMINI_UPSTREAM: 'gemini', GEMINI_BASE_URL: url });
  const mine = await signedIn(node);
  const bodies = JSON.stringify({ contents: [{ parts: [{ text: 'Hello' }] }], message: 'Hello' });
  for (const path of [
    '/v1beta/models/gemini-2.5-flash:generateContent',
    '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
    '/v1beta/files',
    '/upload/v1beta/files',
    '/v1/chat/completions',
    '/api/v6/stream',
  ]) {
    const headers = { 'content-type': 'application/json', 'x-goog-api-key': 'k', ...mine };
    const before = sent.length;
    await (await fetch(node.url + path, { method: 'POST', headers, body: bodies })).text().catch(() => undefined);
    expect(sent.length, path).toBeGreaterThan(before);
  }
  expect(JSON.stringify(sent)).not.toMatch(/cookie|l104_session/i);
  expect(JSON.stringify(log)).not.toContain(mine['cookie']);
  upstream.close();
});
