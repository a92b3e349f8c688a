import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../src/kernel/clock.js';
import { newDatabase } from '../src/memory/test-databases.js';
import { type RunningNode } from '../src/start-node.js';
import { bootNode, type Stage } from './support/boot.js';
import {
  call,
  cookieOf,
  type Headers,
  journalled,
  OWN,
  signedIn,
  signIn,
  status,
  TOKEN,
} from './support/signing-in.js';

const WRONG = 'my-password-of-another-place';
const HOUR = 3_600_000;

interface Told {
  access: string;
  expires_at?: string;
  sign_in: boolean;
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

const told = async (node: RunningNode, headers: Headers = {}): Promise<Told> =>
  (await (await call(node, 'GET', '/self/session', headers)).json()) as Told;

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
