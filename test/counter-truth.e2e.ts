import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseFaultPlan, type RequestRecord } from '../src/simulator/index.js';
import { type Stage, setStage } from './support/boot.js';
import { type Scraped, scrape } from './support/scraped.js';
import { ask, ASKED, AT_ONCE, FALLBACK, PLAN, REQUESTS, type Seen, TURN } from './support/scripted-run.js';

let stage: Stage;
const seen: Seen[] = [];
let metrics: Scraped;
let document: Record<string, unknown>;
let byTrace: Map<string, RequestRecord[]>;

beforeAll(async () => {
  stage = await setStage(
    {
      GEMINI_FALLBACK_MODELS: `${ASKED}>${FALLBACK}`,
      ANSWER_FALLBACK_MODELS: FALLBACK,
      DEFAULT_MODEL: ASKED,
      RETRY_BACKOFF_BASE: '5ms',
      RETRY_BUDGET_FLOOR: '1000',
      RATE_LIMIT_REQUESTS: '1000000',
      CIRCUIT_BREAKER_TIMEOUT: '1h',
      // What is counted here is not to be healed away while it is.
      AUTO_HEAL_ENABLED: 'false',
      HTTP_CLIENT_ERROR_THRESHOLD: '10000',
      ENABLE_WATCHDOG: 'false',
    },
    { journalSize: 10_000 },
  );
  const { plan, problems } = parseFaultPlan(PLAN);
  if (plan === undefined) throw new Error(problems.join('\n'));
  stage.simulator.faults.set(plan);
  let next = 0;
  const client = async (): Promise<void> => {
    for (let i = next++; i < REQUESTS; i = next++) seen.push(await ask(stage.node.url, TURN[i % TURN.length]!, i));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  // The end of the last answers may be told a moment after the clients have them.
  for (let i = 0; i < 100 && stage.simulator.journal.open > 0; i++) await sleep(10);
  metrics = await scrape(stage.node.url);
  document = (await (await fetch(`${stage.node.url}/metrics`)).json()) as Record<string, unknown>;
  byTrace = grouped();
});
afterAll(() => stage.close());

/** Attempts as the upstream saw them. */
function attempts(): RequestRecord[] {
  return stage.simulator.journal.records.filter(({ method }) => /enerateContent/.test(method));
}

function grouped(): Map<string, RequestRecord[]> {
  const groups = new Map<string, RequestRecord[]>();
  for (const record of attempts()) groups.set(traceOf(record), [...(groups.get(traceOf(record)) ?? []), record]);
  return groups;
}

const traceOf = ({ headers }: RequestRecord): string =>
  headers.find(([name]) => name.toLowerCase() === 'traceparent')?.[1].split('-')[1] ?? '';
const count = <T>(list: readonly T[], is: (one: T) => boolean): number => list.filter(is).length;
const sentTo = (one: Seen): RequestRecord[] => byTrace.get(one.traceId) ?? [];
const answered = (one: Seen): boolean => one.status === 200 && !one.broken;
const calls = (): Seen[] => seen.filter(({ kind }) => kind !== 'memory');

describe('after a run of 1,000 requests', () => {
  it('requests are those that clients made, by what they got', () => {
    expect(seen).toHaveLength(REQUESTS);
    const good = count(seen, answered);
    expect(document).toMatchObject({
      requests_total: REQUESTS,
      requests_success: good,
      requests_error: REQUESTS - good,
    });
    expect(good).toBeGreaterThan(REQUESTS * 0.85);
    expect(metrics.sum('l104_requests_total')).toBe(REQUESTS);
    expect(metrics.sum('l104_requests_total', { status: '200' })).toBe(good);
    expect(metrics.sum('l104_requests_total', { status: 'broken' })).toBe(count(seen, ({ broken }) => broken));
    for (const status of new Set(seen.filter(({ broken }) => !broken).map((one) => one.status)))
      expect(metrics.sum('l104_requests_total', { status: String(status) })).toBe(
        count(seen, (one) => one.status === status && !one.broken),
      );
    const routes = { gemini: ['unary', 'stream', 'dead'], openai: ['openai', 'openai-stream'], answer: ['answer'] };
    for (const [route, kinds] of Object.entries({ ...routes, memory: ['memory'] })) {
      const made = count(seen, ({ kind }) => kinds.includes(kind));
      expect(metrics.sum('l104_requests_total', { route })).toBe(made);
      expect(metrics.sum('l104_request_duration_seconds_count', { route })).toBe(made);
    }
  });

  it('attempts are those that the upstream saw, by how they ended', () => {
    const sent = attempts();
    const by = (outcome: string): number => metrics.sum('l104_upstream_attempts_total', { outcome });
    const status = (is: (status: number) => boolean): number =>
      count(sent, (record) => record.status !== undefined && is(record.status));
    expect(document).toMatchObject({
      api_calls: sent.length,
      upstream_429: status((code) => code === 429),
      upstream_5xx: status((code) => code >= 500),
    });
    expect(status((code) => code === 429)).toBeGreaterThan(10);
    expect(metrics.sum('l104_upstream_attempts_total')).toBe(sent.length);
    expect(by('quota')).toBe(status((code) => code === 429));
    expect(by('server_error')).toBe(status((code) => code >= 500));
    const cut = count(sent, ({ outcome = '' }) => ['fault:reset', 'fault:cut'].includes(outcome));
    expect(by('connection_error')).toBe(cut);
    expect(cut).toBeGreaterThan(20);
    expect(by('ok')).toBe(count(sent, (record) => record.status === 200 && record.outcome === 'completed'));
    expect(by('client_error') + by('timeout') + by('broken') + by('aborted')).toBe(0);
    const quota = document['model_429_count'] as Record<string, number>;
    for (const [model, times] of Object.entries(quota))
      expect(times).toBe(count(sent, (record) => record.status === 429 && record.model === model));
  });

  it('resets are those of the connections, each once', () => {
    const reset = count(attempts(), ({ outcome = '' }) => ['fault:reset', 'fault:cut'].includes(outcome));
    expect(metrics.sum('l104_http_client_errors_total')).toBe(reset);
    expect(document).toMatchObject({ connection_resets: reset });
  });

  it('rescues are the answers that took more than one attempt, and rotations those of another model', () => {
    const rescued = count(calls(), (one) => answered(one) && sentTo(one).length > 1);
    const rotated = count(calls(), (one) => answered(one) && sentTo(one).at(-1)?.model === FALLBACK);
    const exhausted = count(calls(), (one) => !answered(one) && sentTo(one).length > 1);
    expect(document).toMatchObject({ retry_successes: rescued, model_rotations: rotated, retry_exhausted: exhausted });
    expect(rescued).toBeGreaterThan(50);
    expect(exhausted).toBeGreaterThan(0);
    expect(metrics.sum('l104_retried_calls_total', { result: 'success' })).toBe(rescued);
    expect(metrics.sum('l104_retried_calls_total', { result: 'failover' })).toBe(rotated);
    expect(metrics.sum('l104_retried_calls_total', { result: 'exhausted' })).toBe(exhausted);
  });

  it('resumptions are those that clients were told of', () => {
    const resumed = seen.reduce((sum, one) => sum + one.resumed, 0);
    expect(resumed).toBeGreaterThan(5);
    expect(metrics.sum('l104_resumed_streams_total', { result: 'joined' })).toBe(resumed);
  });

  it('openings of circuits are those of the log', () => {
    const opened = count(stage.log, ({ event }) => event === 'circuit_breaker_open');
    expect(opened).toBeGreaterThan(0);
    expect(document).toMatchObject({ circuit_breaks: opened, auto_heals: 0 });
    expect(metrics.sum('l104_circuit_opens_total')).toBe(opened);
    expect(metrics.sum('l104_circuit_state', { state: 'open' })).toBeGreaterThan(0);
  });

  it('tokens are those that clients were told', () => {
    const told = (type: 'input' | 'output' | 'thoughts'): number => seen.reduce((sum, one) => sum + one[type], 0);
    for (const type of ['input', 'output', 'thoughts'] as const) {
      expect(told(type)).toBeGreaterThan(1000);
      expect(metrics.sum('l104_tokens_total', { type })).toBe(told(type));
    }
    const usage = (type: string): number => metrics.sum('gen_ai_client_token_usage_sum', { gen_ai_token_type: type });
    expect(usage('input')).toBe(told('input'));
    expect(usage('output')).toBe(told('output') + told('thoughts'));
  });

  it('operations are the calls that reached the upstream', () => {
    const reached = count(calls(), (one) => sentTo(one).length > 0);
    expect(metrics.sum('gen_ai_client_operation_duration_seconds_count')).toBe(reached);
    const good = count(calls(), answered);
    expect(metrics.sum('gen_ai_client_operation_duration_seconds_count', { error_type: '' })).toBe(good);
  });

  it('each request has its line in the log', () => {
    const lines = stage.log.filter(({ event }) => event === 'request_finished');
    expect(lines).toHaveLength(REQUESTS);
    const sent = lines.reduce((sum, { attempts: made }) => sum + Number(made ?? 0), 0);
    expect(sent).toBe(attempts().length);
  });
});
