import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningNode } from '../src/start-node.js';
import { bootNode } from './support/boot.js';

/** A whole answer, behind which the upstream keeps the stream open. */
const ANSWER = 'data: {"candidates":[{"content":{"parts":[{"text":"Hi"}]},"finishReason":"STOP"}]}\r\n\r\n';

let upstream: Server;
let node: RunningNode;
beforeAll(async () => {
  upstream = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(ANSWER);
  }).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const { port } = upstream.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  ({ node } = await bootNode({ GEMINI_UPSTREAM: 'gemini', GEMINI_BASE_URL: url, STREAM_IDLE_TIMEOUT_MS: '400ms' }));
});
afterAll(async () => {
  await node.drain();
  upstream.closeAllConnections();
  upstream.close();
});

it('a call whose client has left is over: nothing of it is counted as an answer afterwards', async () => {
  const leaving = new AbortController();
  const url = `${node.url}/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse`;
  const response = await fetch(url, { method: 'POST', body: '{}', signal: leaving.signal });
  await response.body!.getReader().read();
  leaving.abort();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const metrics = (await (await fetch(`${node.url}/metrics`)).json()) as Record<string, unknown>;
  expect(metrics).toMatchObject({ requests_total: 1, requests_success: 0 });
  expect(metrics['model_usage']).toEqual({});
});
