import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../src/kernel/clock.js';
import { newDatabase } from '../src/memory/test-databases.js';
import { type RunningNode } from '../src/start-node.js';
import { bootNode, type Stage } from './support/boot.js';

const TOKEN = 'the-admin-token-of-this-test';
const WRONG = 'my-password-of-another-place';
const OWN = { 'sec-fetch-site': 'same-origin' };
const HOUR = 3_600_000;

type Headers = Record<string, string>;
interface Told {
  access: string;
  expires_at?: string;
  sign_in: boolean;
}
interface Action {
  action: string;
  outcome: number;
  who: string;
}

const nodes: RunningNode[] = [];
let log: Stage['log'];
const start = async (env: Headers = { ADMIN_TOKEN: TOKEN }, clock = new ManualClock()): Promise<RunningNode> => {
  const booted = await bootNode({ GEMINI_UPSTREAM: 'simulator', ...env }, { clock });
  nodes.push(booted.node);
  ({ log } = booted);
  return booted.node;
};
afterEach(async () => {
  for (const node of nodes.splice(0)) await node.drain();
});

const call = (node: RunningNode, method: string, path: string, headers: Headers = {}): Promise<Response> =>
  fetch(node.url + path, { method, headers });
const signIn = (node: RunningNode, token: unknown = TOKEN, headers: Headers = OWN): Promise<Response> =>
  fetch(`${node.url}/self/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ token }),
  });
/** The cookie that an answer sets, as a browser sends it back. */
const cookieOf = (response: Response): string => /^[^;]+/.exec(response.headers.get('set-cookie') ?? '')?.[0] ?? '';
const signedIn = async (node: RunningNode): Promise<Headers> => ({ cookie: cookieOf(await signIn(node)), ...OWN });
const told = async (node: RunningNode, headers: Headers = {}): Promise<Told> =>
  (await (await call(node, 'GET', '/self/session', headers)).json()) as Told;
const status = async (node: RunningNode, method: string, path: string, headers: Headers): Promise<number> => {
  const response = await call(node, method, path, headers);
  await response.body?.cancel();
  return response.status;
};
const journalled = async (node: RunningNode): Promise<Action[]> => {
  const path = '/self/journal?kind=admin_action&limit=100';
  const response = await call(node, 'GET', path, { authorization: `Bearer ${TOKEN}` });
  return ((await response.json()) as { items: Action[] }).items.reverse();
};

describe('a session', () => {
  it('is begun with the token, counts for every route of administrators, and is given up', async () => {
    const node = await start();
    expect(await told(node)).toEqual({ access: 'none', sign_in: true });
    const answer = await signIn(node);
    expect(answer.status).toBe(204);
    expect(answer.headers.get('set-cookie')).toMatch(
      /^l104_session=[\w.-]+; HttpOnly; SameSite=Strict; Path=\/; Max-Age=43200$/,
    );
    const mine = { cookie: cookieOf(answer), ...OWN };
    expect(await told(node, mine)).toEqual({
      access: 'session',
      expires_at: new Date(Date.UTC(2026, 0, 1, 12)).toISOString(),
      sign_in: true,
    });
    for (const path of ['/self/circuits', '/self/events', '/self/journal', '/self/alerts', '/self/diagnosis'])
      expect(await status(node, 'GET', path, mine), path).toBe(200);
    expect(await status(node, 'POST', '/self/heal', mine)).toBe(200);
    const end = await call(node, 'DELETE', '/self/session', mine);
    expect([end.status, end.headers.get('set-cookie')]).toEqual([
      204,
      'l104_session=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0',
    ]);
    expect(await status(node, 'GET', '/self/circuits', OWN)).toBe(401);
  });

  it('ends when its time is up', async () => {
    const clock = new ManualClock();
    const node = await start({ ADMIN_TOKEN: TOKEN, ADMIN_SESSION_LIFE: '2h' }, clock);
    const mine = await signedIn(node);
    clock.advance(2 * HOUR - 1);
    expect(await status(node, 'GET', '/self/circuits', mine)).toBe(200);
    clock.advance(1);
    const refused = await call(node, 'GET', '/self/circuits', mine);
    expect([refused.status, await refused.json()]).toMatchObject([
      401,
      { detail: expect.stringContaining('has ended') as unknown },
    ]);
    expect(await told(node, mine)).toEqual({ access: 'none', sign_in: true });
  });

  it('outlives the node, and counts in every process with the same token; another token ends it', async () => {
    const first = await start();
    const mine = await signedIn(first);
    await nodes.pop()?.drain();
    const next = await start({ ADMIN_TOKEN: TOKEN, DATABASE_URL: await newDatabase() });
    expect(await status(next, 'GET', '/self/circuits', mine)).toBe(200);
    const changed = await start({ ADMIN_TOKEN: `${TOKEN}-2` });
    expect(await status(changed, 'GET', '/self/circuits', mine)).toBe(401);
  });

  it('is worth nothing when it was tampered with, or made up', async () => {
    const node = await start();
    const { cookie = '' } = await signedIn(node);
    const [, end = '', ...rest] = cookie.split('.');
    const later = `l104_session=1.${end.slice(0, -1)}z.${rest.join('.')}`;
    for (const made of [later, `${cookie}x`, cookie.slice(0, -1), 'l104_session=', `l104_session=${TOKEN}`])
      expect(await status(node, 'GET', '/self/circuits', { cookie: made, ...OWN }), made).toBe(401);
    // A neighbour's cookie of the same name does not push the true one out.
    expect(await status(node, 'GET', '/self/circuits', { cookie: `l104_session=junk; ${cookie}`, ...OWN })).toBe(200);
  });

  it('is Secure where the request came over HTTPS', async () => {
    const proxied = await start({ ADMIN_TOKEN: TOKEN, TRUST_PROXY: 'loopback' });
    expect((await signIn(proxied, TOKEN, { 'x-forwarded-proto': 'https' })).headers.get('set-cookie')).toMatch(
      /; Secure$/,
    );
    expect((await signIn(proxied, TOKEN)).headers.get('set-cookie')).not.toMatch(/Secure/);
  });
});

describe('who signs in', () => {
  it('is refused with a wrong token or none, and a wrong one is told nowhere', async () => {
    const node = await start();
    const refused = await signIn(node, WRONG);
    expect(refused.headers.get('set-cookie')).toBeNull();
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect([refused.status, await refused.json()]).toMatchObject([401, { code: 'UNAUTHENTICATED' }]);
    for (const token of ['', 7, null, 'x'.repeat(1001)]) expect((await signIn(node, token)).status).toBe(400);
    await signIn(node);
    await expect.poll(() => journalled(node)).toHaveLength(2);
    expect(await journalled(node)).toMatchObject([
      { action: 'POST /self/session', outcome: 401, who: 'nobody' },
      { action: 'POST /self/session', outcome: 204, who: expect.stringMatching(/^session:[\da-f]{8}$/) as unknown },
    ]);
    expect(JSON.stringify([log, await journalled(node)])).not.toContain(WRONG);
  });

  it('is written down with what is done in the session, and the cookie is not', async () => {
    const node = await start();
    const mine = await signedIn(node);
    expect(await status(node, 'POST', '/self/heal', mine)).toBe(200);
    expect(await status(node, 'DELETE', '/self/session', mine)).toBe(204);
    // Whoever has no session cannot fill the journal by ending none.
    expect(await status(node, 'DELETE', '/self/session', OWN)).toBe(204);
    await expect.poll(() => journalled(node)).toHaveLength(3);
    const actions = await journalled(node);
    expect(actions.map(({ action }) => action)).toEqual([
      'POST /self/session',
      'POST /self/heal',
      'DELETE /self/session',
    ]);
    expect(new Set(actions.map(({ who }) => who)).size).toBe(1);
    const text = JSON.stringify([log, actions]);
    for (const secret of [TOKEN, mine['cookie'] ?? '', (mine['cookie'] ?? '').slice(-43)])
      expect(text).not.toContain(secret);
  });

  it('has to wait after ten different wrong tokens, where the token is short enough to be guessed', async () => {
    const clock = new ManualClock();
    const node = await start({ ADMIN_TOKEN: 'tiger' }, clock);
    const bearer = (token: string): Promise<number> =>
      status(node, 'GET', '/self/circuits', { authorization: `Bearer ${token}` });
    for (let n = 0; n < 20; n++) expect(await bearer('of-yesterday')).toBe(401);
    for (let n = 0; n < 9; n++) expect((await signIn(node, `guess-${n}`)).status).toBe(401);
    const refused = await signIn(node, 'tiger');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30']);
    expect(await bearer('tiger')).toBe(429);
    expect((await call(node, 'GET', '/self/session', { authorization: 'Bearer tiger' })).status).toBe(429);
    clock.advance(30_000);
    expect((await signIn(node, 'tiger')).status).toBe(204);
  });

  it('need not wait where nobody guesses the token', async () => {
    const node = await start();
    for (let n = 0; n < 30; n++) expect((await signIn(node, `guess-${n}`)).status).toBe(401);
    expect((await signIn(node)).status).toBe(204);
  });

  it('has nothing to sign in with where there is no token', async () => {
    const node = await start({});
    expect(await told(node)).toEqual({ access: 'local', sign_in: false });
    expect(await told(node, { 'x-forwarded-for': '203.0.113.9' })).toEqual({ access: 'none', sign_in: false });
    const refused = await signIn(node, 'anything');
    expect([refused.status, await refused.json()]).toMatchObject([409, { code: 'CONFLICT' }]);
    expect(await status(node, 'DELETE', '/self/session', {})).toBe(204);
  });

  it('is told how it is known', async () => {
    const node = await start();
    expect(await told(node, { authorization: `Bearer ${TOKEN}` })).toEqual({ access: 'token', sign_in: true });
    expect(await told(node, { authorization: `Bearer ${WRONG}` })).toEqual({ access: 'none', sign_in: true });
  });
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
