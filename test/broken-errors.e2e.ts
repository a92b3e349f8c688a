import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { bootNode, type Stage } from './support/boot.js';

// Errors that do not come whole, and bytes that are no HTTP: an upstream of raw sockets.

let stage: Pick<Stage, 'node' | 'log'>;
let close: () => Promise<void>;
afterEach(async () => {
  await stage.node.drain();
  await close();
});

const WHOLE = JSON.stringify({ candidates: [{ content: { parts: [{ text: 'Hello' }] }, finishReason: 'STOP' }] });
const head = (status: string, more = ''): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\n${more}\r\n`;
const ANSWER = `${head('200 OK', `content-length: ${WHOLE.length}\r\n`)}${WHOLE}`;

/** Answers each request as told; the last way again and again. */
async function set(env: Record<string, string>, ...ways: ((socket: Socket) => void)[]): Promise<() => number> {
  let asked = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      if (!bytes.toString('latin1').startsWith('POST')) socket.end(`${head('200 OK', 'content-length: 2\r\n')}{}`);
      else ways[Math.min(asked++, ways.length - 1)]!(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () =>
    new Promise(
      (resolve) =>
        void server.close(() => {
          resolve();
        }),
    );
  const { port } = server.address() as AddressInfo;
  stage = await bootNode({
    GEMINI_UPSTREAM: 'gemini',
    GEMINI_BASE_URL: `http://127.0.0.1:${port}`,
    RETRY_BACKOFF_BASE: '10ms',
    ...env,
  });
  return () => asked;
}

function ask(streamed = false, query = ''): Promise<Response> {
  const verb = streamed ? 'streamGenerateContent?alt=sse' : `generateContent${query}`;
  return fetch(`${stage.node.url}/v1beta/models/gemini-2.5-flash:${verb}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(query === '' ? { 'x-goog-api-key': 'k' } : {}) },
    body: '{"contents":[{"parts":[{"text":"Hello"}]}]}',
  });
}

const metrics = async (): Promise<Record<string, unknown>> =>
  (await (await fetch(`${stage.node.url}/metrics`)).json()) as Record<string, unknown>;

it('a 429 whose body breaks off is a 429, and no fault of the target', async () => {
  const cut = (socket: Socket): void => {
    socket.write(`${head('429 Too Many Requests', 'retry-after: 40\r\ncontent-length: 500\r\n')}{"err`, () => {
      setTimeout(() => socket.resetAndDestroy(), 20);
    });
  };
  const asked = await set({ CIRCUIT_BREAKER_THRESHOLD: '1' }, cut);
  const response = await ask();
  expect([response.status, response.headers.get('retry-after')]).toEqual([429, '40']);
  expect(asked()).toBe(1);
  expect(await metrics()).toMatchObject({ upstream_429: 1, circuit_breaks: 0 });
});

it.each([false, true])('a 503 whose body never comes is asked for again (streamed: %s)', async (streamed) => {
  const silent = (socket: Socket): void => {
    socket.write(head('503 Service Unavailable', 'content-length: 500\r\n'));
  };
  const limits = { STREAM_IDLE_TIMEOUT_MS: '200ms', TTFT_TIMEOUT_MS: '20s', MAX_RETRY_ATTEMPTS: '2' };
  const asked = await set(limits, silent);
  const response = await ask(streamed);
  expect(response.status).toBe(503);
  expect(response.headers.get('x-l104-healing')).toBe('retry');
  expect(asked()).toBe(2);
});

it.each([
  ['in place of a head', 'no HTTP at all\r\n\r\n'],
  ['in a header', head('200 OK', 'x-odd: \x01\r\ncontent-length: 2\r\n') + '{}'],
  ['in the body', head('200 OK', 'transfer-encoding: chunked\r\n') + 'zz\r\n'],
])('bytes %s that are no HTTP are a fault of the connection, and asked for again', async (_, bytes) => {
  await set(
    {},
    (socket) => socket.end(Buffer.from(bytes, 'latin1')),
    (socket) => socket.end(ANSWER),
  );
  const response = await ask();
  expect([response.status, response.headers.get('x-l104-healing')]).toEqual([200, 'retry']);
  expect(await (await fetch(`${stage.node.url}/metrics/prometheus`)).text()).toContain(
    'l104_http_client_errors_total{fault="protocol"} 1',
  );
});

it('a key that no header can carry is a matter between its client and Gemini', async () => {
  const refused = '{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT"}}';
  await set({}, (socket) =>
    socket.end(`${head('400 Bad Request', `content-length: ${refused.length}\r\n`)}${refused}`),
  );
  const response = await ask(false, '?key=a%0d%0ab');
  expect([response.status, await response.text()]).toEqual([400, refused]);
});
