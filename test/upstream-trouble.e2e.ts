import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stage, setStage } from './support/boot.js';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage({ MAX_RETRY_ATTEMPTS: '1', CIRCUIT_BREAKER_THRESHOLD: '100' });
});
afterAll(() => stage.close());

const call = (): Promise<Response> =>
  fetch(`${stage.node.url}/v1beta/models/gemini-2.5-flash:generateContent`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k' },
    body: '{"contents":[{"parts":[{"text":"Hello"}]}]}',
  });

interface Health {
  status: string;
  summary: string;
  conditions: { name: string; reason: string }[];
}

const health = async (): Promise<Health> => (await (await fetch(`${stage.node.url}/health`)).json()) as Health;

it('says that Gemini fails, finds out without a token whether it is there, stays ready, and recovers by itself', async () => {
  // The memory store opens beside everything else.
  await expect.poll(async () => (await fetch(`${stage.node.url}/health/ready`)).status).toBe(200);
  stage.simulator.faults.preset('outage', 60_000);
  for (let i = 0; i < 6; i++) expect((await call()).status).toBe(503);
  await expect.poll(async () => (await health()).conditions[0]?.reason).toContain('It can be reached');
  const failing = await health();
  expect(failing.status).toBe('unhealthy');
  expect(failing.summary).toMatch(/^Failing since \d\d:\d\d UTC: 100 % of requests fail\. Cause: .*status 503/);
  const probes = stage.simulator.journal.records.filter(({ verb }) => verb === 'GET');
  expect(probes.map(({ method }) => method)).toEqual(['listModels']);
  // An outage of the upstream is no reason to restart the node or to send its traffic elsewhere.
  expect((await fetch(`${stage.node.url}/health/live`)).status).toBe(200);
  expect((await fetch(`${stage.node.url}/health/ready`)).status).toBe(200);
  stage.simulator.faults.clear();
  for (let i = 0; i < 6; i++) expect((await call()).status).toBe(200);
  expect((await health()).status).toBe('healthy');
});
