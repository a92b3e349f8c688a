import { afterEach, expect, it } from 'vitest';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { HttpClientService } from '../src/http-client/index.js';
import { type Stage, setStage } from './support/boot.js';

let stage: Stage;
let server: Server;
afterEach(async () => {
  server.close();
  await stage.close();
});

interface Script {
  readonly status: number;
  readonly headers?: Record<string, string>;
}

/** A server that answers as told, the last line for ever; the times at which it was asked. */
async function serve(
  script: readonly Script[],
  env: Record<string, string> = {},
): Promise<{ url: string; asked: number[] }> {
  stage = await setStage({ RETRY_BACKOFF_BASE: '10ms', ...env });
  const asked: number[] = [];
  server = createServer((request, response) => {
    const { status, headers = {} } = script[Math.min(asked.length, script.length - 1)] as Script;
    asked.push(performance.now());
    request.resume();
    response.writeHead(status, headers).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked };
}

const request = (url: string, method = 'GET', timeout = 5000) =>
  stage.node.app.get(HttpClientService, { strict: false }).request({ url, method, timeout });

it('repeats a look-up that failed, and honours the wait it is told', async () => {
  const { url, asked } = await serve([
    { status: 503 },
    { status: 429, headers: { 'retry-after': '1' } },
    { status: 200 },
  ]);
  expect((await request(url)).status).toBe(200);
  expect(asked).toHaveLength(3);
  expect(asked[2]! - asked[1]!).toBeGreaterThanOrEqual(990);
});

it('gives the last answer when all tries fail, and never more tries than a call to a model has', async () => {
  const { url, asked } = await serve([{ status: 500 }]);
  expect((await request(url)).status).toBe(500);
  expect(asked).toHaveLength(3);
});

it('does not repeat what may have been done, nor what is wrong, nor what would wait too long', async () => {
  const { url, asked } = await serve([
    { status: 503 },
    { status: 404 },
    { status: 429, headers: { 'retry-after': '60' } },
  ]);
  expect((await request(url, 'POST')).status).toBe(503);
  expect((await request(url)).status).toBe(404);
  expect((await request(url)).status).toBe(429);
  expect(asked).toHaveLength(3);
});

it('takes its tries from the budget of the node', async () => {
  const { url, asked } = await serve([{ status: 503 }], { RETRY_BUDGET_FLOOR: '3', RETRY_BUDGET_SHARE: '0' });
  for (let i = 0; i < 4; i++) await request(url);
  expect(asked).toHaveLength(4 + 3);
});
