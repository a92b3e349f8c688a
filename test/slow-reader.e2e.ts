import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningNode } from '../src/start-node.js';
import { bootNode } from './support/boot.js';

/** One event of 64 kB, and how many of them make the whole answer. */
const EVENT = `data: ${JSON.stringify({ candidates: [{ content: { parts: [{ text: 'x'.repeat(65_000) }] } }] })}\r\n\r\n`;
const EVENTS = 1500;
const LAST = 'data: {"candidates":[{"finishReason":"STOP"}]}\r\n\r\n';
/** The same answer in some hundred kilobytes. */
const COMPRESSED = Buffer.concat([...Array<Buffer>(EVENTS).fill(gzipSync(EVENT)), gzipSync(LAST)]);

let upstream: Server;
let node: RunningNode;
let sent = 0;
beforeAll(async () => {
  upstream = createServer((asked, response) => {
    asked.resume();
    if (asked.url?.includes('compressed') === true) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
      response.end(COMPRESSED);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let left = EVENTS;
    const pump = (): void => {
      while (left > 0) {
        left--;
        sent += EVENT.length;
        if (!response.write(EVENT)) {
          response.once('drain', pump);
          return;
        }
      }
      response.end(LAST);
    };
    pump();
  }).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const { port } = upstream.address() as AddressInfo;
  const idle = { STREAM_IDLE_TIMEOUT_MS: '500ms', STREAM_END_GRACE_MS: '300ms' };
  ({ node } = await bootNode({ GEMINI_UPSTREAM: 'gemini', GEMINI_BASE_URL: `http://127.0.0.1:${port}`, ...idle }));
});
afterAll(async () => {
  await node.drain();
  upstream.close();
});

/** The answer of a model, of which nothing is read yet. */
async function ask(model: string): Promise<IncomingMessage> {
  const call = request(`${node.url}/v1beta/models/${model}:streamGenerateContent?alt=sse`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k' },
    agent: false,
  });
  call.end('{"contents":[]}');
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  return response;
}

async function sizeOf(response: IncomingMessage): Promise<number> {
  let size = 0;
  for await (const chunk of response) size += (chunk as Buffer).length;
  return size;
}

it('takes no more from the upstream than a slow client reads, and gives it the whole answer in the end', async () => {
  const response = await ask('gemini-2.5-flash');
  // Nobody reads, for longer than the upstream may be silent: the pause is the client's, not the upstream's.
  await sleep(2000);
  const held = sent;
  expect(held).toBeLessThan(24 * 1024 * 1024);
  await sleep(500);
  expect(sent).toBe(held);
  expect(await sizeOf(response)).toBe(EVENT.length * EVENTS + LAST.length);
  expect(response.complete).toBe(true);
});

it('decodes no more of a compressed answer than a slow client reads', async () => {
  const before = process.memoryUsage().arrayBuffers;
  const response = await ask('compressed');
  await sleep(2000);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan((EVENT.length * EVENTS) / 4);
  expect(await sizeOf(response)).toBe(EVENT.length * EVENTS + LAST.length);
  expect(response.complete).toBe(true);
});
