import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HistoryRecorder } from '../src/metrics/index.js';
import { HistoryUpkeep } from '../src/memory/history/history-upkeep.service.js';
import { newDatabase, runStatement } from '../src/memory/test-databases.js';
import { parseFaultPlan } from '../src/simulator/index.js';
import { bootNode, type Stage, setStage } from './support/boot.js';

interface Answer {
  from: number;
  to: number;
  step_seconds: number;
  complete: boolean;
  series: { name: string; unit: string; points: [number, number | null][] }[];
}

/** What the dashboard plots. */
const NAMES = [
  'answered_ratio',
  'circuits_open',
  'concurrency_limit',
  'errors',
  'event_loop_delay',
  'failovers',
  'first_token_p50',
  'first_token_p95',
  'heals',
  'heap_bytes',
  'in_flight',
  'keys_resting',
  'latency_p50',
  'latency_p95',
  'queue',
  'requests',
  'rescued',
  'resumes',
  'retries',
  'rss_bytes',
  'store_bytes',
  'streams_open',
  'tokens',
  'tokens_input',
  'tokens_output',
  'up',
];

let url: string;
let stage: Stage;
beforeAll(async () => {
  url = await newDatabase();
  stage = await setStage({ DATABASE_URL: url, METRICS_TOKEN: 'token-of-metrics', MAX_RETRY_ATTEMPTS: '1' });
});
afterAll(() => stage.close());

const get = async (query = ''): Promise<Response> =>
  fetch(`${stage.node.url}/metrics/history${query}`, { headers: { authorization: 'Bearer token-of-metrics' } });
const answer = async (query: string): Promise<Answer> => {
  const response = await get(query);
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
};
const call = async (body = '{"contents":[{"parts":[{"text":"Hello"}]}]}'): Promise<number> => {
  const response = await fetch(`${stage.node.url}/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k' },
    body,
  });
  await response.text();
  return response.status;
};
const valuesOf = ({ series }: Answer, name: string): number[] =>
  series.find((one) => one.name === name)!.points.flatMap(([, value]) => (value === null ? [] : [value]));

describe('GET /metrics/history', () => {
  it('lists what there is, to who has the token', async () => {
    expect((await fetch(`${stage.node.url}/metrics/history`)).status).toBe(401);
    const list = (await (await get()).json()) as { series: { name: string; unit: string; help: string }[] };
    expect(list.series.map(({ name }) => name)).toEqual(NAMES);
    for (const { help } of list.series) expect(help).toMatch(/^[A-Z].*\.$/);
    expect(list).toMatchObject({
      resolutions: [
        { step_seconds: 10, kept_days: 1 },
        { step_seconds: 60, kept_days: 14 },
        { step_seconds: 3600, kept_days: 90 },
      ],
      retention_days: 90,
    });
  });

  it('tells what was done, as it was counted, and is stored by the minute and the hour too', async () => {
    const recorder = stage.node.app.get(HistoryRecorder);
    await recorder.sample();
    await stage.node.app.get(HistoryUpkeep).tidy();
    for (let n = 0; n < 4; n++) expect(await call()).toBe(200);
    expect(await call('{}')).toBe(400);
    const { plan } = parseFaultPlan({
      faults: [{ method: '*enerateContent', fault: { kind: 'error', status: 'UNAVAILABLE' } }],
    });
    stage.simulator.faults.set(plan!);
    expect(await call()).toBe(503);
    await recorder.sample();
    const now = Math.floor(Date.now() / 1000);
    const told = await answer(`?series=${NAMES.join(',')}&step=1h&from=${now - 3600}`);
    expect(told).toMatchObject({ from: now - 3600, step_seconds: 3600, complete: true });
    expect(told.series.map(({ name }) => name)).toEqual(NAMES);
    // The caller's own mistake is an error, but nobody was let down.
    expect(valuesOf(told, 'answered_ratio')).toEqual([0.833333]);
    const [requests, errors] = ['requests', 'errors'].map((name) => valuesOf(told, name).at(-1)!);
    expect(requests! / errors!).toBeCloseTo(3, 2);
    for (const name of [
      'tokens_output',
      'first_token_p50',
      'latency_p95',
      'rss_bytes',
      'store_bytes',
      'up',
      'concurrency_limit',
    ])
      expect(valuesOf(told, name).at(-1), name).toBeGreaterThan(0);
    for (const name of ['rescued', 'retries', 'failovers', 'resumes', 'heals', 'queue', 'circuits_open'])
      expect([...new Set(valuesOf(told, name))], name).toEqual([0]);
    await recorder.save();
    const stored = await runStatement<{ step: number }>(url, 'SELECT DISTINCT step FROM metrics_sample ORDER BY step');
    expect(stored.map(({ step }) => step)).toEqual([10, 60, 3600]);
  });

  it('chooses a step for the range, and knows times in either form', async () => {
    const to = new Date();
    const from = new Date(to.getTime() - 86_400_000);
    const told = await answer(`?series=up&from=${from.toISOString()}&to=${to.toISOString()}`);
    expect(told).toMatchObject({ from: from.getTime() / 1000, to: to.getTime() / 1000, step_seconds: 300 });
    const points = told.series[0]!.points;
    expect(points.length).toBeGreaterThan(280);
    // Before there was a node there is nothing, which is not zero.
    expect(points[0]![1]).toBeNull();
    expect(points.at(-1)![1]).toBeGreaterThan(0);
    expect((await answer('?series=up')).step_seconds).toBe(10);
  });

  it('answers many at once, each completely', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => answer('?series=up,requests&step=1m')));
    expect(answers.map(({ complete }) => complete)).toEqual(answers.map(() => true));
  });

  it.each([
    ['series=requets', 'series', 'did you mean requests?'],
    ['series=up&from=yesterday', 'from', 'such as 2026-01-31T08:00:00Z'],
    ['series=up&from=200&to=100', 'from', 'must be before to'],
    ['series=up&step=fast', 'step', 'such as 10s, 1m or 1h'],
    ['series=up&step=15s', 'step', 'multiple of 10 seconds'],
    ['series=up&step=10s&from=0', 'step', 'more than 2000 points'],
    ['series=up&step=10s&from=1700000000&to=1700003600', 'step', 'such as step=1h'],
    ['series=up&series=queue', 'series', 'must be given once'],
    [`series=${Array.from({ length: 51 }, (_, n) => `s${n}`).join()}`, 'series', '50 series at most'],
  ])('refuses %s, and says what is wrong with it', async (query, param, text) => {
    const response = await get(`?${query}`);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const { detail } = (await response.json()) as { detail: string };
    expect(detail.startsWith(`${param}: `)).toBe(true);
    expect(detail).toContain(text);
  });
});

it('goes on over lives of the node, whose counters begin at zero each time', async () => {
  const kept = await newDatabase();
  const rates: (number | null)[][] = [];
  for (const life of [1, 2]) {
    const { node } = await bootNode({ DATABASE_URL: kept, GEMINI_UPSTREAM: 'simulator' });
    await vi.waitFor(() => {
      expect(node.app.get(HistoryRecorder).recording).toBeDefined();
    });
    for (let n = 0; n < life; n++) await (await fetch(`${node.url}/memory/none`)).text();
    await node.app.get(HistoryRecorder).sample();
    const told = await fetch(`${node.url}/metrics/history?series=requests,up&step=1h`);
    const { series } = (await told.json()) as Answer;
    rates.push(series[0]!.points.map(([, value]) => value));
    await node.drain();
  }
  const rows = await runStatement<{ life: string; body: string }>(
    kept,
    'SELECT life, body FROM metrics_sample WHERE step = 3600',
  );
  expect(new Set(rows.map(({ life }) => life)).size).toBe(2);
  const counted = rows.map(({ body }) => (JSON.parse(body) as { c: { requests: number } }).c.requests);
  expect(counted.sort()).toEqual([1, 2]);
  for (const value of rates.flat()) if (value !== null) expect(value).toBeGreaterThan(0);
});
