import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningNode } from '../src/start-node.js';
import { metric as seriesOf } from './support/asking.js';
import { bootNode } from './support/boot.js';

/** One event of 64 kB. Sockets swallow some megabytes of them before anybody is slow. */
const EVENT = `data: ${JSON.stringify({ candidates: [{ content: { parts: [{ text: 'x'.repeat(65_000) }] } }] })}\r\n\r\n`;
const LAST = 'data: {"candidates":[{"finishReason":"STOP"}]}\r\n\r\n';

/** An upstream whose answers go on as far as `events`, once it is let go. */
let upstream: Server;
let events = 0;
let asked = 0;
let sent = 0;
let letGo: () => void;
let node: RunningNode;

beforeEach(() => {
  asked = sent = 0;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  upstream = createServer((call, response) => {
    asked++;
    call.resume();
    let left = events;
    const pump = (): void => {
      for (; left > 0; left--) {
        sent += EVENT.length;
        if (response.write(EVENT)) continue;
        left--;
        response.once('drain', pump);
        return;
      }
      response.end(LAST);
    };
    void gate.then(() => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      pump();
    });
  }).listen(0, '127.0.0.1');
});
afterEach(async () => {
  await node.drain();
  upstream.closeAllConnections();
  upstream.close();
});

async function set(env: Record<string, string>): Promise<void> {
  if (!upstream.listening) await once(upstream, 'listening');
  const { port } = upstream.address() as AddressInfo;
  const base = { GEMINI_UPSTREAM: 'gemini', GEMINI_BASE_URL: `http://127.0.0.1:${port}`, COALESCE_ENABLED: 'true' };
  ({ node } = await bootNode({ ...base, STREAM_IDLE_TIMEOUT_MS: '1s', STREAM_END_GRACE_MS: '300ms', ...env }));
}

/** A client that reads nothing of its own accord. */
function client(): Promise<IncomingMessage> {
  const call = request(`${node.url}/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k' },
    agent: false,
  });
  call.end('{"contents":[]}');
  return once(call, 'response').then(([response]) => response as IncomingMessage);
}

/** Clients that wait for the same answer, in the order in which they came. */
async function clients(count: number): Promise<IncomingMessage[]> {
  const waiting: Promise<IncomingMessage>[] = [];
  for (let at = 1; at <= count; at++) {
    waiting.push(client());
    await expect.poll(() => metric('l104_calls_in_flight'), { timeout: 10_000 }).toBe(at);
  }
  letGo();
  return Promise.all(waiting);
}

const metric = (series: string): Promise<number> => seriesOf(node.url, series);
const held = (): Promise<number> => metric('l104_shared_answers_memory_bytes');

/** Bytes a client gets, and whether it got its end. */
async function read(response: IncomingMessage): Promise<{ bytes: number; whole: boolean; tail: string }> {
  let bytes = 0;
  let tail = '';
  try {
    for await (const chunk of response) {
      bytes += (chunk as Buffer).length;
      tail = (tail + (chunk as Buffer).toString('latin1')).slice(-2000);
    }
  } catch {
    return { bytes, whole: false, tail };
  }
  return { bytes, whole: response.complete, tail };
}

const MIB = 1024 * 1024;
const whole = (): object => ({ bytes: EVENT.length * events + LAST.length, whole: true });

describe.each([
  ['the client that came first', 0],
  ['a client that came later', 1],
])('%s does not read', (_name, slow) => {
  it('and gets the whole answer all the same, later than the others, whom it does not hold up', async () => {
    events = 500;
    await set({ ANSWER_BUFFER_LIMIT: '64MiB' });
    const all = await clients(3);
    const others = all.filter((_, at) => at !== slow);
    for (const done of await Promise.all(others.map(read))) expect(done).toMatchObject(whole());
    expect(asked).toBe(1);
    // What it has yet to read is held for it, and no longer than until it has read it.
    expect(await held()).toBeGreaterThan(0);
    expect(await held()).toBeLessThanOrEqual(64 * MIB);
    expect(await read(all[slow]!)).toMatchObject(whole());
    await expect.poll(held).toBe(0);
  });

  it('and is cut off, not ended, when it is further behind than may be held for it', async () => {
    events = 700;
    await set({ ANSWER_BUFFER_LIMIT: '2MiB' });
    const all = await clients(3);
    const others = all.filter((_, at) => at !== slow);
    const most = { bytes: 0, over: false };
    const watch = (async () => {
      while (!most.over) most.bytes = Math.max(most.bytes, await held());
    })();
    for (const done of await Promise.all(others.map(read))) expect(done).toMatchObject(whole());
    most.over = true;
    await watch;
    expect(most.bytes).toBeLessThanOrEqual(2 * MIB);
    const cut = await read(all[slow]!);
    expect(cut.whole).toBe(false);
    expect(cut.bytes).toBeLessThan(EVENT.length * events);
    expect(asked).toBe(1);
    await expect.poll(held).toBe(0);
    expect(await metric('l104_requests_total{route="gemini",status="broken"}')).toBe(1);
  });
});

it('a client that reads again in time is told in-band that it was cut off', async () => {
  events = 700;
  await set({ ANSWER_BUFFER_LIMIT: '1MiB' });
  const [fast, slow] = await clients(2);
  const done = read(fast!);
  await expect.poll(() => metric('l104_calls_in_flight'), { timeout: 10_000, interval: 20 }).toBe(2);
  await expect.poll(() => sent, { timeout: 10_000, interval: 5 }).toBeGreaterThan(EVENT.length * 500);
  const cut = await read(slow!);
  expect(cut.whole).toBe(false);
  expect(cut.tail).toContain('STREAM_INCOMPLETE');
  expect(await done).toMatchObject(whole());
});

it('when nobody reads the upstream is stopped, and goes on with the first who does', async () => {
  events = 1500;
  await set({ ANSWER_BUFFER_LIMIT: '64MiB' });
  const all = await clients(2);
  // For longer than the upstream may be silent: the pause is the clients', not the upstream's.
  await new Promise((resolve) => setTimeout(resolve, 2500));
  const stopped = sent;
  expect(stopped).toBeLessThan(32 * MIB);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(sent).toBe(stopped);
  const [first, second] = all.map(read);
  expect(await first).toMatchObject(whole());
  expect(await second).toMatchObject(whole());
});

it('an answer that has outgrown its limit is joined no more, and what all have read of it is held no more', async () => {
  events = 400;
  await set({ ANSWER_BUFFER_LIMIT: '1MiB' });
  const [first] = await clients(1);
  const begun: Buffer[] = [];
  const reading = first!.iterator({ destroyOnReturn: false });
  for await (const chunk of reading) {
    begun.push(chunk as Buffer);
    if (Buffer.concat(begun).length > 3 * MIB) break;
  }
  const second = await client();
  expect(asked).toBe(2);
  expect(second.headers['x-l104-healing']).toBeUndefined();
  expect(await held()).toBeLessThanOrEqual(2 * MIB);
  const [one, other] = await Promise.all([first!, second].map(read));
  expect([one!.bytes + Buffer.concat(begun).length, one!.whole]).toEqual([EVENT.length * events + LAST.length, true]);
  expect(other).toMatchObject(whole());
  await expect.poll(held).toBe(0);
});
