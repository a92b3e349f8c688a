import { EventEmitter } from 'node:events';
import { type IncomingMessage } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { type Admission } from '../resilience/index.js';
import { RequestBody } from './request-body.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that are reachable. */
function held(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

const admission = { takeBody: () => undefined, releaseBody: () => undefined } as unknown as Admission;
const limits = { bodyLimit: 4 * 1024 * 1024, receiveTimeoutMs: 60_000 };

/** Sends pieces of these sizes and returns the body that came of them, with what was held before its end. */
function receive(sizes: readonly number[]): { sent: Buffer; got: unknown; heldBytes: number } {
  const sent = Buffer.from(Array.from({ length: sizes.reduce((a, b) => a + b, 0) }, (_, at) => at % 251));
  const request = Object.assign(new EventEmitter(), { headers: {} });
  let got: unknown;
  const before = held();
  const body = new RequestBody(admission, limits);
  body.receive(request as unknown as IncomingMessage, (result) => (got = result));
  let at = 0;
  for (const size of sizes) request.emit('data', sent.subarray(at, (at += size)));
  const heldBytes = held() - before;
  request.emit('end');
  body.release();
  return { sent, got, heldBytes };
}

it('holds little more than was sent, however small the pieces', () => {
  const { sent, got, heldBytes } = receive(Array.from({ length: 300_000 }, () => 1));
  expect(sent.equals(got as Buffer)).toBe(true);
  expect(heldBytes).toBeLessThan(5_000_000);
});

it('puts pieces of all sizes together in their order', () => {
  const sizes = Array.from({ length: 2_000 }, (_, at) => (at % 7 === 0 ? 9_000 : at % 40));
  const { sent, got } = receive([
    ...sizes.slice(0, 300),
    ...Array.from({ length: 600 }, () => 3),
    ...sizes.slice(300, 700),
  ]);
  expect(sent.equals(got as Buffer)).toBe(true);
});
