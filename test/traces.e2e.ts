import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseFaultPlan } from '../src/simulator/index.js';
import { Tracing } from '../src/tracing/index.js';
import { bootNode, type Stage, setStage } from './support/boot.js';
import { type Collector, type ReceivedSpan, startCollector } from './support/collector.js';

const ASKED = 'gemini-2.5-pro';
const FALLBACK = 'gemini-2.5-flash';
const SERVER = 2;
const CLIENT = 3;

let collector: Collector;
let stage: Stage;
beforeAll(async () => {
  collector = await startCollector();
  stage = await setStage({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '20ms',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    GEMINI_FALLBACK_MODELS: `${ASKED}>${FALLBACK}`,
    RETRY_BACKOFF_BASE: '10ms',
  });
});
afterAll(async () => {
  await stage.close();
  await collector.close();
});
beforeEach(() => {
  stage.simulator.faults.clear();
});

/** A trace that a client has begun. */
function begun(flags = '01'): { traceId: string; spanId: string; traceparent: string } {
  const traceId = randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags}` };
}

function ask(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(stage.node.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k', ...headers },
    body: JSON.stringify(body),
  });
}

function breakUpstream(...faults: object[]): void {
  const { plan, problems } = parseFaultPlan({ faults });
  if (plan === undefined) throw new Error(problems.join('\n'));
  stage.simulator.faults.set(plan);
}

const HELLO = { contents: [{ parts: [{ text: 'Hello' }] }] };
const generate = `/v1beta/models/${ASKED}:generateContent`;
const stream = `/v1beta/models/${ASKED}:streamGenerateContent?alt=sse`;
const kinds = (spans: ReceivedSpan[], kind: number): ReceivedSpan[] => spans.filter((span) => span.kind === kind);
const upstreamTraceparent = (): string | undefined =>
  stage.simulator.journal.last?.headers.find(([name]) => name.toLowerCase() === 'traceparent')?.[1];

describe('the trace of a call', () => {
  it('goes on with that of the client, and the upstream is asked by the span of the attempt', async () => {
    const client = begun();
    const response = await ask(stream, HELLO, { traceparent: client.traceparent, tracestate: 'vendor=x' });
    await response.text();
    const spans = await collector.trace(client.traceId, 2);
    expect(spans).toHaveLength(2);
    const [call] = kinds(spans, SERVER);
    const [attempt] = kinds(spans, CLIENT);
    expect(call).toMatchObject({
      name: `generate_content ${ASKED}`,
      parentSpanId: client.spanId,
      traceState: 'vendor=x',
    });
    expect(attempt).toMatchObject({ name: `generate_content ${ASKED}`, parentSpanId: call!.spanId });
    expect(response.headers.get('traceparent')).toBe(`00-${client.traceId}-${call!.spanId}-01`);
    expect(upstreamTraceparent()).toBe(`00-${client.traceId}-${attempt!.spanId}-01`);
    expect(call!.attributes).toMatchObject({
      'gen_ai.operation.name': 'generate_content',
      'gen_ai.provider.name': 'gcp.gemini',
      'gen_ai.request.model': ASKED,
      'gen_ai.response.model': ASKED,
      'gen_ai.request.stream': true,
      'gen_ai.response.finish_reasons': ['STOP'],
      'http.response.status_code': 200,
    });
    expect(Number(call!.attributes['gen_ai.usage.output_tokens'])).toBeGreaterThan(0);
    expect(Number(call!.attributes['gen_ai.response.time_to_first_chunk'])).toBeGreaterThan(0);
    expect(attempt!.attributes).toMatchObject({ 'server.address': '127.0.0.1', 'server.port': stage.simulator.port });
    expect(call!.resource).toMatchObject({
      'service.name': 'l104-node',
      'deployment.environment.name': 'test',
    });
  });

  it('has the trace id of the log, and one of its own where the client sends none', async () => {
    const response = await ask(generate, HELLO);
    await response.text();
    const [, traceId = '', spanId] = (response.headers.get('traceparent') ?? '').split('-');
    const [call] = kinds(await collector.trace(traceId, 2), SERVER);
    expect(call).toMatchObject({ spanId });
    expect(call!.parentSpanId ?? '').toBe('');
    const line = stage.log.find((one) => one['event'] === 'request_finished' && one['trace_id'] === traceId);
    expect(line).toMatchObject({ span_id: spanId, status: 200 });
  });

  it('has a span for each attempt, and marks what healing did', async () => {
    breakUpstream({ model: ASKED, fault: { kind: 'error', status: 'UNAVAILABLE' } });
    const client = begun();
    await (await ask(generate, HELLO, { traceparent: client.traceparent })).text();
    const spans = await collector.trace(client.traceId, 3);
    const [call] = kinds(spans, SERVER);
    const attempts = kinds(spans, CLIENT).sort(
      (a, b) => Number(a.attributes['l104.attempt']) - Number(b.attributes['l104.attempt']),
    );
    expect(attempts.length).toBeGreaterThan(1);
    expect(attempts[0]).toMatchObject({
      status: { code: 2 },
      attributes: { 'error.type': '503', 'l104.outcome': 'server_error' },
    });
    expect(attempts.at(-1)).toMatchObject({
      name: `generate_content ${FALLBACK}`,
      attributes: { 'http.request.resend_count': attempts.length - 1, 'l104.outcome': 'ok' },
    });
    expect(call!.events).toContain('model_failover');
    expect(call!.attributes['l104.healing']).toContain('failover');
    expect(call!.status.code ?? 0).toBe(0);
  });

  it('marks a stream that was gone on with', async () => {
    breakUpstream({ times: 1, method: 'streamGenerateContent', fault: { kind: 'cut', afterEvents: 3 } });
    const client = begun();
    await (await ask(stream, HELLO, { traceparent: client.traceparent })).text();
    const [call] = kinds(await collector.trace(client.traceId, 3), SERVER);
    expect(call!.events).toContain('stream_resumed');
    expect(call!.attributes['l104.healing']).toContain('resume');
  });

  it('is an error where the client got none of an answer', async () => {
    breakUpstream({ fault: { kind: 'error', status: 'UNAVAILABLE' } });
    const client = begun();
    const { status } = await ask(generate, HELLO, { traceparent: client.traceparent });
    stage.simulator.faults.clear();
    await ask('/self/heal', {});
    const [call] = kinds(await collector.trace(client.traceId, 3), SERVER);
    expect(call).toMatchObject({ status: { code: 2 }, attributes: { 'http.response.status_code': status } });
    expect(call!.attributes['error.type']).toBeTruthy();
  });
});

describe('the trace of a request to the own routes', () => {
  it('has spans for what the store did', async () => {
    const client = begun();
    await (await ask('/memory', { key: 'a', value: 'b' }, { traceparent: client.traceparent })).text();
    const spans = await collector.trace(client.traceId, 2);
    const [request] = kinds(spans, SERVER);
    expect(request).toMatchObject({ name: 'POST memory', parentSpanId: client.spanId });
    const [write] = kinds(spans, CLIENT);
    expect(write).toMatchObject({ name: 'write memory', parentSpanId: request!.spanId });
  });

  it('has spans for the call and for the turn that is stored when it ends', async () => {
    const client = begun();
    const body = { message: 'Hello', session_id: 's1' };
    await (await ask('/api/v6/stream', body, { traceparent: client.traceparent })).text();
    const spans = await collector.trace(client.traceId, 4);
    const names = spans.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['read memory', 'write memory']));
    expect(kinds(spans, SERVER)[0]!.name).toMatch(/^generate_content gemini/);
  });
});

describe('what is not recorded', () => {
  it('is a trace that the client does not sample', async () => {
    const client = begun('00');
    const response = await ask(generate, HELLO, { traceparent: client.traceparent });
    await response.text();
    expect(response.headers.get('traceparent')).toMatch(new RegExp(`^00-${client.traceId}-[0-9a-f]{16}-00$`));
    expect(upstreamTraceparent()).toBe(response.headers.get('traceparent'));
    const after = begun();
    await (await ask(generate, HELLO, { traceparent: after.traceparent })).text();
    await collector.trace(after.traceId, 2);
    expect(collector.spans.filter(({ traceId }) => traceId === client.traceId)).toEqual([]);
  });

  it('is anything of prompts, answers, keys, headers or queries', async () => {
    const client = begun();
    const canaries = {
      prompt: 'canaryprompt',
      header: 'canaryheader',
      query: 'canaryquery',
      key: 'AIzacanarykeycanarykeycanary',
    };
    const body = { contents: [{ parts: [{ text: canaries.prompt }] }] };
    const headers = { traceparent: client.traceparent, 'x-goog-api-key': canaries.key, 'x-own': canaries.header };
    const answer = await (await ask(`${stream}&other=${canaries.query}`, body, headers)).text();
    expect(answer).toContain('simulated');
    await (await ask('/memory', { key: canaries.query, value: canaries.prompt }, headers)).text();
    await collector.trace(client.traceId, 4);
    const sent = collector.bodies.join('\n');
    const logged = JSON.stringify(stage.log);
    for (const secret of [...Object.values(canaries), 'simulated']) {
      expect(sent).not.toContain(secret);
      expect(logged).not.toContain(secret);
    }
  });
});

describe('a node', () => {
  it('has nothing of it loaded without a collector', async () => {
    const { node } = await bootNode();
    expect(node.app.get(Tracing).recorder).toBeUndefined();
    await node.drain();
  });

  it('answers as ever, and leaves in time, when its collector takes everything and says nothing', async () => {
    const frozen = await startCollector(true);
    const own = await setStage({
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${frozen.url}/own/path`,
      OTEL_BSP_SCHEDULE_DELAY: '10ms',
      OTEL_BSP_MAX_QUEUE_SIZE: '20',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '5',
    });
    const statuses = await Promise.all(
      Array.from({ length: 60 }, async () => {
        const response = await fetch(own.node.url + generate, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k' },
          body: JSON.stringify(HELLO),
        });
        await response.text();
        return response.status;
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(frozen.types).toEqual(new Set(['application/x-protobuf']));
    const metrics = await (await fetch(`${own.node.url}/metrics/prometheus`)).text();
    expect(metrics).toContain('l104_trace_spans_total{result="ended"} 120');
    expect(metrics).toContain('l104_trace_spans_total{result="exported"} 0');
    const begunAt = performance.now();
    await own.close();
    expect(performance.now() - begunAt).toBeLessThan(10_000);
    await frozen.close();
  });
});
