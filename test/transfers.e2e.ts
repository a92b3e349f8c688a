import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningNode } from '../src/start-node.js';
import { bootNode } from './support/boot.js';

const EVERY_MS = 250;
/** Pieces that take several times as long as the call may. */
const PIECES = 12;
const DEADLINE_MS = 1500;

/** Sends a file piece by piece; one that is called `half` stands still in its middle. */
const server = createServer((request, response) => {
  let sent = 0;
  const timer = setInterval(() => {
    if (request.url?.includes('half') === true && sent === PIECES / 2) return;
    if (sent++ < PIECES) response.write('piece ');
    else response.end();
  }, EVERY_MS);
  response.once('close', () => {
    clearInterval(timer);
  });
});
let node: RunningNode;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  ({ node } = await bootNode({ GEMINI_UPSTREAM: 'gemini', GEMINI_BASE_URL: url }));
});
afterAll(async () => {
  await node.drain();
  server.closeAllConnections();
  server.close();
});

const download = (file: string): Promise<Response> =>
  fetch(`${node.url}/v1beta/files/${file}:download?alt=media`, {
    headers: { 'x-goog-api-key': 'kkkkkk', 'x-l104-deadline-ms': String(DEADLINE_MS) },
  });

it('take longer than a call may, for as long as they go on', async () => {
  expect(await (await download('whole')).text()).toBe('piece '.repeat(PIECES));
});

it('end at that time where they stand still', async () => {
  await expect((await download('half')).text()).rejects.toThrow();
});
