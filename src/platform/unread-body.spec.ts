import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { hurry } from './unread-body.js';

let server: Server;
let client: Socket;
let request: IncomingMessage;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  server = createServer((incoming, response) => {
    request = incoming;
    hurry(incoming, 60_000);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => undefined).resume();
});
afterEach(() => {
  vi.useRealTimers();
  client.destroy();
  server.close();
});

/** Sends what there is, and waits until the node watches the clock. */
async function begin(): Promise<void> {
  client.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n01234');
  await timers(1);
}

async function timers(count: number): Promise<void> {
  await vi.waitFor(() => {
    expect(vi.getTimerCount()).toBe(count);
  });
}

it('leaves no timer behind once the body is there', async () => {
  await begin();
  client.write('56789');
  await timers(0);
  expect(request.complete).toBe(true);
  expect(client.destroyed).toBe(false);
});

it('ends the connection of a client that sends no more', async () => {
  await begin();
  const gone = new Promise((resolve) => client.on('close', resolve));
  vi.advanceTimersByTime(60_000);
  await gone;
  expect(request.complete).toBe(false);
});

it('leaves no timer behind when the client leaves', async () => {
  await begin();
  client.destroy();
  await timers(0);
});

it('needs none for requests that come whole, however many at once', async () => {
  const warnings: Error[] = [];
  const warned = (warning: Error): number => warnings.push(warning);
  process.on('warning', warned);
  let answered = '';
  client.on('data', (chunk) => (answered += chunk.toString()));
  client.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n01234'.repeat(50));
  await vi.waitFor(() => {
    expect(answered.match(/200 OK/g)).toHaveLength(50);
  });
  expect(vi.getTimerCount()).toBe(0);
  process.off('warning', warned);
  expect(warnings).toEqual([]);
});
