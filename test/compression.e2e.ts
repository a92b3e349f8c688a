import { afterAll, beforeAll, expect, it } from 'vitest';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { brotliCompressSync, constants, createGzip, gzipSync } from 'node:zlib';
import { type RunningNode } from '../src/start-node.js';
import { metric } from './support/asking.js';
import { bootNode } from './support/boot.js';

const event = (text: string, finishReason?: string): string =>
  `data: ${JSON.stringify({ candidates: [{ content: { parts: [{ text }] }, ...(finishReason && { finishReason }) }] })}\r\n\r\n`;
const WHOLE = event('Hello') + event(' you', 'STOP');
const ANSWER = JSON.stringify({ candidates: [{ content: { parts: [{ text: 'Hi' }] }, finishReason: 'STOP' }] });

/** Compressed without an end: what a server sends that gives up but closes its message properly. */
const OPEN_ENDED = { finishFlush: constants.Z_SYNC_FLUSH };
/** Models whose first answer is broken, with what it is; from then on they answer in full. */
const BROKEN_ONCE: Readonly<Record<string, Buffer>> = {
  'gemini-2.5-endless': gzipSync(event('Hello'), OPEN_ENDED),
  'gemini-2.5-corrupt': Buffer.concat([gzipSync(event('Hello'), OPEN_ENDED), Buffer.from('no deflate block')]),
  'gemini-2.5-trailer': gzipSync(WHOLE).subarray(0, -4),
};

let upstream: Server;
let node: RunningNode;
let env: Record<string, string>;
const broken = new Set<string>();
beforeAll(async () => {
  // An upstream that compresses whatever it is asked, as some proxies do.
  upstream = createServer((request, response) => {
    request.resume();
    const type = request.url?.includes('stream') === true ? 'text/event-stream' : 'application/json';
    if (request.url?.includes('brotli') === true) {
      response.writeHead(200, { 'content-type': type, 'content-encoding': 'br' }).end(brotliCompressSync(ANSWER));
    } else if (request.url?.includes('garbled') === true) {
      response.writeHead(200, { 'content-type': type, 'content-encoding': 'gzip' }).end('not gzip at all');
    } else if (request.url?.includes('error') === true) {
      const body = gzipSync('{"error":{"code":404,"message":"no such model","status":"NOT_FOUND"}}');
      const sent = request.url.includes('unreadable') ? 'not gzip at all' : body;
      response.writeHead(404, { 'content-type': type, 'content-encoding': 'gzip' }).end(sent);
    } else if (modelOf(request.url) === 'gemini-2.5-drip') {
      const gzip = createGzip();
      response.writeHead(200, { 'content-type': type, 'content-encoding': 'gzip' });
      gzip.pipe(response);
      const drip = setInterval(() => {
        gzip.write(event('a'));
        gzip.flush();
      }, 100);
      response.once('close', () => {
        clearInterval(drip);
      });
    } else if (modelOf(request.url) in BROKEN_ONCE) {
      const model = modelOf(request.url);
      const first = broken.has(model) ? gzipSync(WHOLE) : BROKEN_ONCE[model];
      broken.add(model);
      response.writeHead(200, { 'content-type': type, 'content-encoding': 'gzip' }).end(first);
    } else {
      const gzip = createGzip();
      response.writeHead(200, { 'content-type': type, 'content-encoding': 'gzip' });
      gzip.pipe(response);
      gzip.write(event('Hello'));
      gzip.flush(() => {
        setTimeout(() => gzip.end(request.url?.includes('cut') === true ? '' : event(' you', 'STOP')), 300);
      });
    }
  }).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const { port } = upstream.address() as AddressInfo;
  env = { GEMINI_UPSTREAM: 'gemini', GEMINI_BASE_URL: `http://127.0.0.1:${port}` };
  ({ node } = await bootNode(env));
});
afterAll(async () => {
  await node.drain();
  upstream.close();
});

function modelOf(url = ''): string {
  return /models\/([^:]*):/.exec(url)?.[1] ?? '';
}

const post = (model: string, verb: string): Promise<Response> =>
  fetch(`${node.url}/v1beta/models/${model}:${verb}`, { method: 'POST', body: '{}' });

it('inspects and passes on a compressed stream event by event', async () => {
  const response = await post('gzip', 'streamGenerateContent?alt=sse');
  expect(response.headers.get('content-encoding')).toBeNull();
  const reader = response.body!.getReader();
  const first = await reader.read();
  expect(Buffer.from(first.value).toString()).toBe(event('Hello'));
  const second = await reader.read();
  expect(Buffer.from(first.value).toString() + Buffer.from(second.value).toString()).toBe(WHOLE);
});

it('finds the defect of a compressed stream', async () => {
  await expect((await post('cut', 'streamGenerateContent?alt=sse')).text()).rejects.toThrow();
});

it('decodes whole answers and errors', async () => {
  expect(await (await post('brotli', 'generateContent')).text()).toBe(ANSWER);
  const error = await post('error', 'generateContent');
  expect(error.status).toBe(404);
  expect(await error.json()).toMatchObject({ error: { message: 'no such model' } });
  expect((await post('unreadable-error', 'generateContent')).status).toBe(404);
});

it.each(Object.keys(BROKEN_ONCE))('gives the whole answer where the coding breaks: %s', async (model) => {
  const answer = await (await post(model, 'streamGenerateContent?alt=sse')).text();
  const events = answer.split(/\r?\n\r?\n/).filter((text) => text !== '');
  const said = events.map((text) => /"text":"([^"]*)"/.exec(text)?.[1] ?? '');
  expect(said.join('')).toBe('Hello you');
  expect(events.at(-1)).toContain('STOP');
});

it('ends a compressed stream that drips', async () => {
  const pace = { STREAM_FLOOR_WINDOW: '1s', STREAM_MIN_CHARACTERS_PER_SECOND: '1000', STREAM_IDLE_TIMEOUT_MS: '2s' };
  const { node: strict } = await bootNode({ ...env, ...pace });
  const began = performance.now();
  const response = await fetch(`${strict.url}/v1beta/models/gemini-2.5-drip:streamGenerateContent?alt=sse`, {
    method: 'POST',
    headers: { 'x-l104-resume': 'off' },
    body: '{}',
  });
  await expect(response.text()).rejects.toThrow();
  // Where nobody looks at the pace it is found all the same, once a piece of what is decoded ends within an event.
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(await metric(strict.url, 'l104_answer_defects_total{kind="too_slow"}')).toBe(1);
  await strict.drain();
});

it('says when it cannot be decoded', async () => {
  const response = await post('garbled', 'generateContent');
  expect(response.status).toBe(502);
  expect(await response.json()).toMatchObject({ error: { details: [{ reason: 'UPSTREAM_BROKEN_ANSWER' }, {}] } });
});
