import { createServer } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type NodeProcess, runNode, served } from './support/process.js';

const PIECE = Buffer.alloc(3500, 'x');
const PIECES = 9000;
const AT_A_TIME = 3;

/** Sends on request some 31 MB, in pieces so far apart that the node has little to do. */
const upstream = createServer((request, response) => {
  request.resume();
  void (async () => {
    for (let piece = 0; piece < PIECES && !response.destroyed; piece++) {
      response.write(PIECE);
      if (piece % AT_A_TIME === 0) await sleep(1);
    }
    response.end();
  })();
});
let node: NodeProcess;
let url: string;

beforeAll(async () => {
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const { port } = upstream.address() as AddressInfo;
  const upstreamSettings = { GEMINI_UPSTREAM: 'gemini', GEMINI_API_KEY: 'test-key-1' };
  const env = { PORT: '0', GEMINI_BASE_URL: `http://127.0.0.1:${port}`, ...upstreamSettings };
  node = runNode([], env, 'collect');
  url = await served(node);
});

afterAll(async () => {
  node.child.kill('SIGKILL');
  await node.ended;
  upstream.close();
  upstream.closeAllConnections();
});

async function fullCollections(): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`, { headers: { accept: 'text/plain' } })).text();
  return Number(/nodejs_gc_duration_seconds_count\{kind="major"\} (\d+)/.exec(metrics)?.[1] ?? 0);
}

async function pass(): Promise<number> {
  const answer = await fetch(`${url}/v1beta/models/m:streamOther`, { method: 'POST', body: '{}' });
  let bytes = 0;
  for await (const chunk of answer.body!) bytes += (chunk as Uint8Array).length;
  return bytes;
}

it('does not collect all of its memory for the sake of buffers that come and go', async () => {
  // By what a collection leaves, and by how slowly garbage was made since the last one, V8 decides when the next is due.
  for (let quiet = 0; quiet < 10; quiet++) {
    node.child.kill('SIGUSR2');
    await sleep(400);
  }
  const before = await fullCollections();
  expect(await pass()).toBe(PIECES * PIECE.length);
  expect((await fullCollections()) - before).toBe(0);
}, 60_000);
