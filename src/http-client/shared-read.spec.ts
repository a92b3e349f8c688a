import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { SHARED_READ } from './shared-read.js';

const AT_ONCE = 6;
const SIZE = 1_000_000;

/** A key that both sides know stands in for certificates. */
const KEY = Buffer.alloc(32, 7);
const SECRET = { ciphers: 'PSK', maxVersion: 'TLSv1.2' } as const;

/** Answers `/3` with many bytes 3, and in pieces, so that several answers come over in turns. */
const answer: RequestListener = ({ url = '' }, response) => {
  const piece = Buffer.alloc(SIZE / 100, Number(url.slice(1)));
  let sent = 0;
  const next = (): void => {
    if (++sent > 100) response.end();
    else response.write(piece, () => void setImmediate(next));
  };
  next();
};

let server: Server;

afterEach(() => {
  server.close();
  server.closeAllConnections();
});

async function answers(scheme: string, options: object): Promise<Buffer[]> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = new Agent({ connect: { onread: SHARED_READ, ...options } as NonNullable<Agent.Options['connect']> });
  const origin = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const numbers = Array.from({ length: AT_ONCE }, (_, index) => index + 1);
  const bodies = await Promise.all(
    numbers.map(async (number) => {
      const { body } = await request(`${origin}/${number}`, { dispatcher: agent });
      return Buffer.from(await body.arrayBuffer());
    }),
  );
  await agent.close();
  return bodies;
}

describe('sockets that read into one buffer', () => {
  it.each<[string, () => Server, object]>([
    ['http', () => createServer(answer), {}],
    [
      'https',
      () => createSecureServer({ ...SECRET, pskCallback: () => KEY }, answer),
      { ...SECRET, pskCallback: () => ({ identity: 'test', psk: KEY }), checkServerIdentity: () => undefined },
    ],
  ])('give each its own bytes over %s', async (scheme, make, options) => {
    server = make();
    for (const [index, body] of (await answers(scheme, options)).entries()) {
      expect(body.length).toBe(SIZE);
      expect(body.equals(Buffer.alloc(SIZE, index + 1))).toBe(true);
    }
  });
});
