import { createHash } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { type RunningNode } from '../src/start-node.js';
import { bootNode, type Stage } from './support/boot.js';

const TOKEN = 'the-admin-token-of-this-test';
const WRONG = 'a-wrong-token-that-nobody-has';
const shortHash = (token: string): string => createHash('sha256').update(token).digest('hex').slice(0, 8);

interface Action {
  action: string;
  [field: string]: unknown;
}

let node: RunningNode;
let log: Stage['log'];
const start = async (env: Record<string, string> = {}): Promise<void> => {
  ({ node, log } = await bootNode({ GEMINI_UPSTREAM: 'simulator', ...env }));
};
afterEach(() => node.drain());

const call = (method: string, path: string, token?: string, body?: unknown): Promise<Response> =>
  fetch(node.url + path, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const journalled = async (): Promise<Action[]> => {
  const response = await call('GET', '/self/journal?kind=admin_action&limit=1000', TOKEN);
  return ((await response.json()) as { items: Action[] }).items.reverse();
};
const counted = async (outcome: string): Promise<number> => {
  const text = await (await fetch(`${node.url}/metrics/prometheus`)).text();
  return Number(new RegExp(`l104_admin_actions_total\\{outcome="${outcome}"\\} (\\d+)`).exec(text)?.[1]);
};

it('writes down who did what, and nothing of what they sent but the reason', async () => {
  await start({ ADMIN_TOKEN: TOKEN });
  const model = { contents: [{ parts: [{ text: 'Hello' }] }] };
  expect((await call('POST', '/v1beta/models/gemini-2.5-flash:generateContent', undefined, model)).status).toBe(200);
  const circuits = (await (await call('GET', '/self/circuits', TOKEN)).json()) as { circuits: { name: string }[] };
  const { name } = circuits.circuits[0]!;
  const isolate = `/self/circuits/${encodeURIComponent(name)}/isolate`;
  expect((await call('POST', isolate, TOKEN, { reason: 'maintenance' })).status).toBe(200);
  expect((await call('POST', '/self/circuits/AIzaSecretInTheWrongPlace/reset', TOKEN)).status).toBe(404);
  expect((await call('PUT', '/self/simulator/faults?preset=slow&duration=1ms', TOKEN)).status).toBe(200);
  expect((await call('POST', '/self/heal', TOKEN, { dry_run: true })).status).toBe(200);
  expect((await call('GET', '/self/heal/plan', TOKEN)).status).toBe(200);
  expect((await call('POST', isolate, WRONG, { reason: 'a secret' })).status).toBe(401);
  expect((await call('DELETE', '/self/simulator/faults')).status).toBe(401);
  await expect.poll(journalled).toHaveLength(6);
  const actions = await journalled();
  const who = `token:${shortHash(TOKEN)}`;
  expect(actions).toMatchObject([
    { action: 'POST /self/circuits/:name/isolate', outcome: 200, who, target: name, reason: 'maintenance' },
    { action: 'POST /self/circuits/:name/reset', outcome: 404, who },
    { action: 'PUT /self/simulator/faults', outcome: 200, who },
    { action: 'POST /self/heal', outcome: 200, who },
    { action: 'POST /self/circuits/:name/isolate', outcome: 401, who: `token:${shortHash(WRONG)}` },
    { action: 'DELETE /self/simulator/faults', outcome: 401, who: 'nobody' },
  ]);
  for (const { address, timestamp, request_id: id } of actions) {
    expect([address, Date.parse(String(timestamp)) > 0, typeof id]).toEqual(['127.0.0.1', true, 'string']);
  }
  const lines = log.filter(({ event }) => event === 'admin_action');
  expect(lines.map(({ action, outcome }) => ({ action, outcome }))).toEqual(
    actions.map(({ action, outcome }) => ({ action, outcome })),
  );
  const text = JSON.stringify([actions, log]);
  for (const secret of [TOKEN, WRONG, 'AIzaSecret', 'a secret']) expect(text).not.toContain(secret);
  expect(await Promise.all(['ok', 'failed', 'refused'].map(counted))).toEqual([3, 1, 2]);
});

it('knows callers from this machine where there is no token', async () => {
  await start();
  expect((await call('POST', '/self/heal')).status).toBe(200);
  const foreign = await fetch(`${node.url}/self/heal`, {
    method: 'POST',
    headers: { 'x-forwarded-for': '203.0.113.9' },
  });
  expect(foreign.status).toBe(403);
  await expect.poll(journalled).toMatchObject([
    { action: 'POST /self/heal', outcome: 200, who: 'loopback' },
    { action: 'POST /self/heal', outcome: 403, who: 'nobody', address: '127.0.0.1' },
  ]);
});

it('does not let attempts push the rest out of the journal', async () => {
  await start({ ADMIN_TOKEN: TOKEN });
  expect((await call('POST', '/self/heal', TOKEN)).status).toBe(200);
  for (let n = 0; n < 60; n++) expect((await call('POST', '/self/heal', WRONG)).status).toBe(401);
  await expect.poll(() => counted('refused')).toBe(60);
  const actions = await journalled();
  expect(actions).toHaveLength(11);
  expect(actions[0]).toMatchObject({ outcome: 200 });
});
