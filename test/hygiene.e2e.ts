import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stage, setStage } from './support/boot.js';

const MODEL = '/v1beta/models/gemini-2.5-flash';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

/** Calls the upstream has seen since the start. */
const received = (): number => stage.simulator.journal.counts.received;

/** Sends bytes as they are and returns everything that comes back until the connection ends. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const { port, hostname } = new URL(stage.node.url);
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => {
      resolve(answer);
    });
    socket.on('error', () => undefined);
    // Not ended: to a server the end of the client's side is its leaving.
    socket.write(bytes);
  });
}

describe('hygiene', () => {
  it.each([
    ['a smuggled length', 'Content-Length: 5\r\nTransfer-Encoding: chunked'],
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6'],
    ['a name with a space', 'X Bad: 1\r\nContent-Length: 0'],
  ])('refuses %s', async (_name, lines) => {
    const answer = await raw(`POST ${MODEL}:generateContent HTTP/1.1\r\nHost: x\r\n${lines}\r\n\r\n0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(received()).toBe(0);
  });

  it.each(['/v1beta/../v1beta/models', '/v1beta/%2e%2E/models', '/v1beta//models', '/upload/..%5cx\\y'])(
    'refuses the path %s',
    async (path) => {
      const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(received()).toBe(0);
    },
  );

  it('does not go where an absolute target points', async () => {
    const answer = await raw(
      'GET http://elsewhere.invalid/v1beta/models HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(received()).toBe(0);
  });

  it('says that Live sessions are not served, and answers other upgrade offers plainly', async () => {
    const live = await raw(
      'GET /v1beta/live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\nSec-WebSocket-Key: eA==\r\n\r\n',
    );
    expect(live).toMatch(/^HTTP\/1\.1 501 /);
    expect(live).toContain('LIVE_NOT_SUPPORTED');
    const offer = await raw(
      'GET /v1beta/models HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\nConnection: Upgrade, HTTP2-Settings, close\r\nx-goog-api-key: k\r\n\r\n',
    );
    expect(received()).toBe(1);
    expect(offer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('answers headers too large with 431', async () => {
    const answer = await raw(`GET /v1beta/models HTTP/1.1\r\nHost: x\r\nX-Large: ${'a'.repeat(40_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer).toContain('application/problem+json');
  });
});
