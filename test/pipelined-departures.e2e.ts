import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseFaultPlan } from '../src/simulator/index.js';
import { metric } from './support/asking.js';
import { type Stage, setStage } from './support/boot.js';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  const { plan } = parseFaultPlan({ faults: [{ method: '*enerateContent', fault: { kind: 'silence' } }] });
  stage.simulator.faults.set(plan!);
});
afterAll(() => stage.close());

const MODEL = '/v1beta/models/gemini-2.5-flash';

it.each([
  [`${MODEL}:generateContent`, '{"contents":[{"parts":[{"text":"Hello"}]}]}'],
  [`${MODEL}:streamGenerateContent?alt=sse`, '{"contents":[{"parts":[{"text":"Hello"}]}]}'],
  ['/v1/chat/completions', '{"model":"gemini-2.5-flash","messages":[{"role":"user","content":"Hello"}]}'],
  ['/api/v6/stream', '{"message":"Hello"}'],
])(
  'all calls of a connection are over when it closes, also those that wait for their turn on it (%s)',
  async (path, body) => {
    const { hostname, port } = new URL(stage.node.url);
    const socket = connect(Number(port), hostname);
    const call =
      `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`;
    const before = stage.simulator.journal.records.length;
    socket.write(call.repeat(3));
    await expect.poll(() => stage.simulator.journal.open).toBe(3);
    socket.destroy();
    await expect.poll(() => stage.simulator.journal.open).toBe(0);
    await expect.poll(() => metric(stage.node.url, 'l104_calls_in_flight')).toBe(0);
    expect(await metric(stage.node.url, 'l104_body_memory_bytes')).toBe(0);
    expect(stage.simulator.journal.records).toHaveLength(before + 3);
  },
);
