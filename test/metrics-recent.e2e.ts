import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HistoryRecorder } from '../src/metrics/index.js';
import { setStage, type Stage } from './support/boot.js';
import { ask } from './support/asking.js';

interface Recent {
  covered_seconds: number;
  values: Record<string, number | null>;
  counts: Record<string, number>;
  gauges: Record<string, number>;
  lines: { step_seconds: number; points: Record<string, [number, number | null][]> };
}

let stage: Stage;
beforeAll(async () => {
  stage = await setStage({ MAX_RETRY_ATTEMPTS: '1' });
});
afterAll(() => stage.close());

const recent = async (query = ''): Promise<Recent> =>
  (await (await fetch(`${stage.node.url}/metrics/recent${query}`)).json()) as Recent;
const call = async (): Promise<number> => (await ask(stage.node.url, { form: 'gemini' })).status;

describe('GET /metrics/recent', () => {
  it('knows nothing of requests before the first, which is not zero', async () => {
    const { values, covered_seconds: covered } = await recent('?series=answered_ratio,first_token_p95,requests');
    expect(values).toEqual({ answered_ratio: null, first_token_p95: null, requests: 0 });
    expect(covered).toBeLessThan(300);
  });

  it('counts what has just happened, before and after a sample is taken', async () => {
    for (let n = 0; n < 3; n++) expect(await call()).toBe(200);
    stage.simulator.faults.preset('outage', 60_000);
    expect(await call()).toBe(503);
    stage.simulator.faults.clear();
    await expect.poll(async () => (await recent()).counts['judged'], { timeout: 5000 }).toBe(4);
    const before = await recent('?series=answered_ratio,latency_p95,tokens');
    expect(before.values['answered_ratio']).toBe(0.75);
    expect(before.values['latency_p95']).toBeGreaterThan(0);
    expect(before.values['tokens']).toBeGreaterThan(0);
    await stage.node.app.get(HistoryRecorder).sample();
    await expect
      .poll(async () => (await recent()).lines.points['requests']?.at(-1)?.[1], { timeout: 5000 })
      .not.toBe(null);
    const after = await recent('?series=answered_ratio');
    expect(after.counts).toMatchObject({ judged: 4, let_down: 1 });
    expect(after.lines.step_seconds).toBe(60);
    expect(after.lines.points['answered_ratio']).toHaveLength(60);
    expect(after.lines.points['answered_ratio']!.at(-1)![1]).toBe(0.75);
    expect(after.lines.points['answered_ratio']!.slice(0, 50).every(([, value]) => value === null)).toBe(true);
  });

  it('names what it does not know', async () => {
    const response = await fetch(`${stage.node.url}/metrics/recent?series=request`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('did you mean requests?');
  });
});
