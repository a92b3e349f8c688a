import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as passed } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { AnswerReader } from '../src/gemini/domain/answer-reader.js';
import { HEARTBEAT } from '../src/gemini/domain/heartbeat.js';
import { bootNode } from './support/boot.js';

/** An upstream that says one thing, is silent until told to end, and ends. */
async function silentUpstream(first: string, last: string): Promise<{ env: Record<string, string>; end: () => void }> {
  let finish: (() => void) | undefined;
  const server = createServer((asked, response) => {
    asked.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (first === '') response.flushHeaders();
    else response.write(first);
    finish = () => response.end(last);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const env = { GEMINI_UPSTREAM: 'gemini', GEMINI_BASE_URL: `http://127.0.0.1:${port}`, STREAM_EARLY_HEAD: '100ms' };
  return { env, end: () => finish?.() };
}

async function opened(url: string): Promise<IncomingMessage> {
  const call = request(`${url}/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k' },
    agent: false,
  });
  call.end('{"contents":[]}');
  return ((await once(call, 'response')) as [IncomingMessage])[0];
}

const BIG = `data: ${JSON.stringify({ candidates: [{ content: { parts: [{ text: 'x'.repeat(24_000_000) }] } }] })}\r\n\r\n`;
const LAST = 'data: {"candidates":[{"content":{"parts":[{"text":"."}]},"finishReason":"STOP"}]}\r\n\r\n';

it('piles up nothing for a client that does not read', async () => {
  const upstream = await silentUpstream(BIG, LAST);
  const { node } = await bootNode({ ...upstream.env, STREAM_HEARTBEAT_INTERVAL: '2ms' });
  onTestFinished(() => node.drain());
  const response = await opened(node.url);
  await passed(1500);
  upstream.end();
  let received = '';
  for await (const chunk of response.setEncoding('latin1')) received += chunk as string;
  // Before the event nothing is in the way, and behind it there may be some until the client was caught up and the end came.
  const behind = received.slice(received.lastIndexOf('xxx'));
  expect(received).toContain(BIG.slice(0, 100).slice(8, 60));
  expect(behind.split(HEARTBEAT['gemini-sse']).length).toBeLessThan(50);
  expect(behind.endsWith(LAST)).toBe(true);
});

it('grows by nothing over thousands of heartbeats', async () => {
  const upstream = await silentUpstream(
    '',
    `data: {"candidates":[{"content":{"parts":[{"text":"Hi"}]}}]}\r\n\r\n${LAST}`,
  );
  const { node } = await bootNode({ ...upstream.env, STREAM_HEARTBEAT_INTERVAL: '1ms' });
  onTestFinished(() => node.drain());
  const response = await opened(node.url);
  let bytes = 0;
  let tail = '';
  response.setEncoding('latin1').on('data', (chunk: string) => {
    bytes += chunk.length;
    tail = (tail + chunk).slice(-1000);
  });
  const beats = (): number => bytes / HEARTBEAT['gemini-sse'].length;
  await expect.poll(beats, { timeout: 30_000 }).toBeGreaterThan(500);
  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const before = timers();
  await expect.poll(beats, { timeout: 30_000 }).toBeGreaterThan(3000);
  expect(timers()).toBeLessThanOrEqual(before + 2);
  upstream.end();
  await once(response, 'end');
  expect(tail.endsWith(LAST)).toBe(true);
  const whole = new AnswerReader('gemini-sse', 10_000, () => undefined);
  whole.push(Buffer.from(tail.slice(tail.indexOf('data: {"l104"'))));
  expect(whole.state.complete).toBe(true);
});

it('breaks off where what comes behind an early head is no stream at all', async () => {
  const server = createServer((asked, response) => {
    asked.resume();
    setTimeout(() => {
      response
        .writeHead(302, { location: 'https://example.com/', 'content-type': 'text/html' })
        .end('<p>elsewhere</p>');
    }, 500);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const upstream = { GEMINI_UPSTREAM: 'gemini', GEMINI_BASE_URL: `http://127.0.0.1:${port}` };
  const { node } = await bootNode({ ...upstream, STREAM_EARLY_HEAD: '100ms', STREAM_HEARTBEAT_INTERVAL: '100ms' });
  onTestFinished(() => node.drain());
  const response = await opened(node.url);
  let received = '';
  const broken = (async () => {
    for await (const chunk of response.setEncoding('latin1')) received += chunk as string;
  })();
  await expect(broken).rejects.toThrow('aborted');
  expect(received).toContain('"code":"UPSTREAM_BROKEN_ANSWER"');
  expect(received).not.toContain('elsewhere');
});
