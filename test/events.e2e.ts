import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Journal } from '../src/heal/index.js';
import { type RunningNode } from '../src/start-node.js';
import { ask } from './support/asking.js';
import { bootNode, type Stage } from './support/boot.js';
import { EventFeed } from './support/event-feed.js';
import { heal } from './support/lives.js';
import { newDatabase } from '../src/memory/test-databases.js';

const ENV = { GEMINI_UPSTREAM: 'simulator' };
let node: RunningNode;
let log: Stage['log'];
let feeds: EventFeed[];
const open = async (...args: [seen?: string | number, query?: string]): Promise<EventFeed> => {
  const feed = await EventFeed.open(node.url, ...args);
  feeds.push(feed);
  return feed;
};
beforeEach(async () => {
  feeds = [];
  ({ node, log } = await bootNode(ENV));
});
afterEach(async () => {
  await node.drain();
});

it('tells what happens as it happens, and what happened before only to who has seen some of it', async () => {
  await heal(node.url);
  const feed = await open();
  expect(feed.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(feed.response.headers.get('cache-control')).toBe('no-store, no-transform');
  expect(feed.response.headers.get('x-accel-buffering')).toBe('no');
  await heal(node.url);
  await expect.poll(() => feed.names).toContain('heal_run');
  expect(feed.others).toEqual(['retry: 3000']);
  const run = feed.events.find(({ name }) => name === 'heal_run')!;
  expect(run.data).toMatchObject({ by: 'admin', status: 'OK', kind: 'heal_run', number: Number(run.id) });
  // Which step runs is told beside it, and not again.
  const steps = feed.events.filter(({ name }) => name === 'heal_progress');
  expect(steps[0]).toEqual({
    id: undefined,
    name: 'heal_progress',
    data: { run_id: run.data['run_id'], step: expect.any(String) as unknown, state: 'started' },
  });
  expect(steps[1]?.data).toMatchObject({ step: steps[0]?.data['step'], state: 'finished', result: 'ok' });
  feed.leave();
  await heal(node.url);
  const back = await open(run.id);
  await expect.poll(() => back.names).toContain('heal_run');
  expect(back.events.map(({ id }) => Number(id) > Number(run.id))).not.toContain(false);
  const again = await open(undefined, `?last_event_id=${run.id ?? ''}`);
  const runsOf = ({ events }: EventFeed): unknown[] => events.filter(({ name }) => name === 'heal_run');
  await expect.poll(() => runsOf(again)).toEqual(runsOf(back));
});

it('tells of circuits as they change, and not again', async () => {
  const feed = await open();
  await (await ask(node.url, { form: 'gemini' })).text();
  const { circuits } = (await (await fetch(`${node.url}/self/circuits`)).json()) as { circuits: { name: string }[] };
  const circuit = circuits[0]?.name ?? '';
  const act = (what: string): Promise<Response> =>
    fetch(`${node.url}/self/circuits/${encodeURIComponent(circuit)}/${what}`, { method: 'POST' });
  await act('isolate');
  await act('release');
  const changes = (): object[] => feed.events.filter(({ name }) => name === 'circuit_changed');
  const change = (from: string, to: string): object => ({
    id: undefined,
    name: 'circuit_changed',
    data: { circuit, from, to },
  });
  await expect.poll(changes).toEqual([change('closed', 'isolated'), change('isolated', 'closed')]);
  const again = await open(1);
  await expect.poll(() => again.names).toEqual(['admin_action', 'admin_action']);
});

it('goes on in the next life, for who has seen some of the last', async () => {
  const DATABASE_URL = await newDatabase();
  await node.drain();
  ({ node } = await bootNode({ ...ENV, DATABASE_URL }));
  const feed = await open();
  await heal(node.url);
  await expect.poll(() => feed.names).toContain('heal_run');
  const seen = Number(feed.events.find(({ name }) => name === 'heal_run')?.id);
  await node.drain();
  expect(feed.ended).toBe('clean');
  ({ node } = await bootNode({ ...ENV, DATABASE_URL }));
  const missed = await open(seen - 1);
  await expect.poll(() => missed.names).toContain('heal_run');
  expect(missed.events[0]?.id).toBe(String(seen));
});

it.each(['5', 'x', '-1'])('tells who has seen %s that it must begin anew', async (seen) => {
  const journal = node.app.get(Journal);
  for (let n = 0; n < 1100; n++) journal.append('heal_verdict', { n });
  const feed = await open(seen);
  await expect.poll(() => feed.names).toEqual(['resync']);
  const { id, data } = feed.events[0]!;
  expect(data).toEqual({ oldest: journal.first, latest: journal.last });
  journal.append('heal_verdict', { n: 'new' });
  await expect.poll(() => feed.names).toEqual(['resync', 'heal_verdict']);
  const back = await open(id);
  await expect.poll(() => back.events).toMatchObject([{ name: 'heal_verdict', data: { n: 'new' } }]);
});

it('lets nothing heap up for a reader that does not read, and cuts it off when it has missed too much', async () => {
  const { hostname, port } = new URL(node.url);
  const socket = connect(Number(port), hostname);
  socket.write(`GET /self/events HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  await once(socket, 'readable');
  const seen = await open();
  const journal = node.app.get(Journal);
  // More than the buffers of the connection hold, and more entries than are at hand.
  const words = 'x'.repeat(10_000);
  for (let n = 0; n < 3000; n++) {
    journal.append('heal_verdict', { n, words });
    if (n % 50 === 0) await expect.poll(() => seen.events.length, { interval: 5 }).toBe(n + 1);
  }
  await expect.poll(() => seen.events.length).toBe(3000);
  expect(seen.events.map(({ data }) => data['n'])).toEqual(Array.from({ length: 3000 }, (_, n) => n));
  let received = 0;
  socket.on('data', (chunk: Buffer) => (received += chunk.length));
  await once(socket, 'close');
  expect(received).toBeLessThan(3000 * words.length);
});

it('takes fifty readers, and another when one has gone', async () => {
  const fifty = await Promise.all(Array.from({ length: 50 }, () => open()));
  expect(fifty.map(({ response }) => response.status)).toEqual(Array.from({ length: 50 }, () => 200));
  const { response } = await open();
  expect(response.status).toBe(503);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  fifty[0]!.leave();
  await expect.poll(async () => (await open()).response.status).toBe(200);
  for (const feed of feeds) feed.leave();
  await expect.poll(async () => (await open()).response.status).toBe(200);
});

it('does not hold up a node that leaves', async () => {
  const feed = await open();
  await node.drain();
  expect(feed.ended).toBe('clean');
  expect(log.map(({ event }) => event)).toContain('drain_finished');
});
