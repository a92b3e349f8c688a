import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningNode } from '../src/start-node.js';
import { bootNode } from './support/boot.js';

/** One event of 64 kB, and how many of them make the whole answer. */
const EVENT = `data: ${JSON.stringify({ candidates: [{ content: { parts: [{ text: 'x'.repeat(65_000) }] } }] })}\r\n\r\n`;
const EVENTS = 1500;
const LAST = 'data: {"candidates":[{"finishReason":"STOP"}]}\r\n\r\n';

let upstream: Server;
let node: RunningNode;
let sent = 0;
beforeAll(async () => {
  upstream = createServer((asked, response) => {
    asked.resume();
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

it('takes no more from the upstream than a slow client reads, and gives it the whole answer in the end', async () => {
  const call = request(`${node.url}/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k' },
    agent: false,
  });
  call.end('{"contents":[]}');
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  // Nobody reads, for longer than the upstream may be silent: the pause is the client's, not the upstream's.
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const held = sent;
  expect(held).toBeLessThan(24 * 1024 * 1024);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(sent).toBe(held);
  let received = 0;
  for await (const chunk of response) received += (chunk as Buffer).length;
  expect(received).toBe(EVENT.length * EVENTS + LAST.length);
  expect(response.complete).toBe(true);
});
