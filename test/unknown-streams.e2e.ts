import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type RunningNode } from '../src/start-node.js';
import { bootNode } from './support/boot.js';

/** The limit on an upstream's silence, and a pause well beyond it, ms. */
const IDLE_MS = 300;
const PAUSE_MS = 900;
/** More than what the node keeps of an answer. */
const LONG = 'x'.repeat(100_000);

/** The answers that are held open, and what their head says they are. */
let open: ServerResponse[] = [];
let type = '';
let asked = 0;
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'content-type': request.method === 'GET' ? 'application/json' : type });
    if (request.method === 'GET') response.end('{"models":[]}');
    else {
      asked++;
      open.push(response.on('close', () => (open = open.filter((one) => one !== response))));
    }
  });
});
let node: RunningNode;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { STREAM_IDLE_TIMEOUT_MS: `${IDLE_MS}ms`, ANSWER_BUFFER_LIMIT: '64KiB' };
  ({ node } = await bootNode({ ...env, GEMINI_UPSTREAM: 'gemini', GEMINI_BASE_URL: url }));
});
beforeEach(() => (asked = 0));
afterAll(async () => {
  await node.drain();
  server.closeAllConnections();
  server.close();
});

/** Asks, lets the upstream say the first part, and gives the answer once all of that is here; nothing else is said before. */
async function firstOf(method: string, part: string): Promise<() => Promise<string>> {
  const answering = fetch(`${node.url}/v1beta/models/m:${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'kkkkkk' },
    body: '{}',
  });
  await expect.poll(() => open.length).toBe(1);
  open[0]!.write(part);
  const reader = (await answering).body!.getReader();
  const read = async (upTo: number): Promise<string> => {
    let text = '';
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      text += Buffer.from(next.value).toString();
      if (text.length >= upTo) break;
    }
    return text;
  };
  expect(await read(part.length)).toBe(part);
  return () => read(Number.POSITIVE_INFINITY);
}

it.each([
  ['streamInvented?alt=sse', 'text/event-stream'],
  ['inventedStream', 'text/event-stream; charset=utf-8'],
  ['streamInvented', 'application/json'],
  ['streamInvented?x=1', 'application/json'],
])('passes the parts of %s on as they come, whatever lies between them', async (method, said) => {
  type = said;
  const rest = await firstOf(method, 'data: {"a":1}\n\n');
  await delay(PAUSE_MS);
  open[0]!.end('data: {"b":2}\n\n');
  expect(await rest()).toBe('data: {"b":2}\n\n');
});

it('breaks the connection where such a stream breaks', async () => {
  type = 'text/event-stream';
  const rest = await firstOf('streamInvented?alt=sse', 'data: {"a":1}\n\n');
  open[0]!.destroy();
  await expect(rest()).rejects.toThrow();
  expect(asked).toBe(1);
});

it('passes on an answer longer than what it keeps for as long as it goes on, and no longer', async () => {
  type = 'application/json';
  const rest = await firstOf('generateContent', LONG);
  const [answer] = open;
  for (let at = 0; at < 6; at++) {
    await delay(IDLE_MS / 3);
    answer!.write(' ');
  }
  answer!.end('}');
  expect(await rest()).toBe('      }');
  const silent = await firstOf('generateContent', LONG);
  await expect(silent()).rejects.toThrow();
  expect(asked).toBe(2);
});
