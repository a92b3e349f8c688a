import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { bootNode, type Stage, setStage } from './support/boot.js';
import { startPrometheus } from './support/prometheus-server.js';
import { scrape as scrapeSamples } from './support/scraped.js';
import { hasTool } from './support/tool.js';

/** A trace that the client records. */
const RECORDED = 'a'.repeat(32);
/** Counters that alerts ask for. */
const ZEROS = [
  'l104_requests_total',
  'l104_upstream_attempts_total',
  'l104_retried_calls_total',
  'l104_resumed_streams_total',
  'l104_shared_answers_total',
  'l104_answer_defects_total',
  'l104_calls_refused_total',
  'l104_http_client_errors_total',
  'l104_circuit_opens_total',
  'l104_heal_runs_total',
  'l104_heal_steps_total',
  'l104_heal_verdicts_total',
  'l104_memory_repairs_total',
  'l104_trace_spans_total',
  'l104_streams_open',
  'l104_calls_in_flight',
];

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  for (const body of ['{"contents":[{"parts":[{"text":"Hello"}]}]}', '{}']) {
    await fetch(`${stage.node.url}/v1beta/models/gemini-2.5-flash:generateContent`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k' },
      body,
    });
  }
});
afterAll(() => stage.close());

const scrape = async (accept: string, path = '/metrics'): Promise<Response> =>
  fetch(stage.node.url + path, { headers: { accept } });

describe('the exposition', () => {
  it('is text for Prometheus, JSON for everybody else, and says that it depends on who asks', async () => {
    const json = await scrape('*/*');
    expect(json.headers.get('content-type')).toContain('application/json');
    expect(json.headers.get('vary')).toContain('Accept');
    const prometheus = 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1';
    const open = await scrape(prometheus);
    expect(open.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect((await open.text()).endsWith('# EOF\n')).toBe(true);
    const text = await scrape('text/plain');
    expect(text.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect((await scrape('application/json', '/metrics/prometheus')).headers.get('content-type')).toContain(
      'text/plain',
    );
  });

  it('tells what was done, once', async () => {
    const text = await (await scrape('text/plain')).text();
    expect(text).toContain('l104_requests_total{route="gemini",status="200"} 1');
    expect(text).toMatch(/l104_upstream_attempts_total\{outcome="ok"\} 1/);
    expect(text).toMatch(/l104_tokens_total\{type="output",model="gemini-2.5-flash"\} \d+/);
    expect(text).toMatch(/l104_build_info\{version="[^"]+"\} 1/);
    const json = (await (await scrape('application/json')).json()) as Record<string, unknown>;
    expect(json).toMatchObject({ requests_total: 2, requests_success: 1, requests_error: 1, api_calls: 2 });
    // Scrapes are no requests.
    expect(await (await scrape('application/json')).json()).toMatchObject({ requests_total: 2 });
  });

  it.runIf(hasTool('promtool', 'check of the exposition'))('is clean to promtool', async () => {
    const text = await (await scrape('text/plain')).text();
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect(`${stdout}${stderr}`).toBe('');
    expect(status).toBe(0);
  });

  it('comes compressed where the scraper takes that', async () => {
    for (const [encoding, expected] of [
      ['gzip', 'gzip'],
      ['identity', null],
    ] as const) {
      const response = await fetch(`${stage.node.url}/metrics/prometheus`, {
        headers: { 'accept-encoding': encoding },
      });
      expect(response.headers.get('content-encoding')).toBe(expected);
      expect(response.headers.get('vary')).toContain('Accept-Encoding');
      expect(await response.text()).toContain('l104_build_info');
    }
  });

  it('names in OpenMetrics the trace of a request that somebody records, and of no other', async () => {
    const other = 'b'.repeat(32);
    for (const traceparent of [`00-${RECORDED}-00f067aa0ba902b7-01`, `00-${other}-00f067aa0ba902b7-00`])
      await fetch(`${stage.node.url}/v1beta/models/gemini-2.5-flash:generateContent`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k', traceparent },
        body: '{"contents":[{"parts":[{"text":"Hello"}]}]}',
      });
    const open = await (await scrape('application/openmetrics-text')).text();
    for (const name of ['l104_request_duration_seconds', 'gen_ai_client_operation_duration_seconds'])
      expect(open).toMatch(new RegExp(`^${name}_bucket\\{.*\\} \\d+ # \\{trace_id="${RECORDED}"\\} [\\d.]+ \\d+`, 'm'));
    expect(open).not.toContain(other);
    expect(await (await scrape('text/plain')).text()).not.toContain(RECORDED);
  });

  it('has every series at zero before anything happens', async () => {
    const { node } = await bootNode();
    const samples = await scrapeSamples(node.url);
    await node.drain();
    for (const name of ZEROS) expect(samples.of(name), name).not.toEqual([]);
    for (const name of ZEROS) expect(samples.sum(name), name).toBe(0);
  });
});

describe.runIf(hasTool('prometheus', 'scrapes by a real Prometheus'))('a real Prometheus', () => {
  it('scrapes without an error, as text and as OpenMetrics, and finds the same', async () => {
    const relay = await askingForText(stage.node.url);
    const jobs = { open: new URL(stage.node.url).host, text: relay.host };
    const prometheus = await startPrometheus(jobs);
    try {
      const both = async (): Promise<number> => (await prometheus.query('up == 1')).length;
      for (let i = 0; i < 100 && (await both()) < 2; i++) await sleep(100);
      const well = { health: 'up', lastError: '' };
      expect(await prometheus.targets()).toEqual({ text: well, open: well });
      const names = ['l104_requests_total', 'l104_upstream_attempts_total', 'gen_ai_client_token_usage_sum'];
      for (const name of names) {
        const found = await prometheus.query(`sum by (job) (${name})`);
        expect(found.map(({ metric }) => metric['job']).sort(), name).toEqual(['open', 'text']);
        expect(new Set(found.map(({ value }) => value)).size, name).toBe(1);
        expect(found[0]!.value, name).toBeGreaterThan(0);
      }
      expect(await prometheus.exemplars('l104_request_duration_seconds_bucket{job="open"}')).toContain(RECORDED);
    } finally {
      await prometheus.close();
      relay.close();
    }
  });
});

/** Passes scrapes on to a node and asks for the older format: a Prometheus that knows OpenMetrics asks for that. */
async function askingForText(url: string): Promise<{ host: string; close: () => void }> {
  const server = createServer((request, response) => {
    void fetch(url + (request.url ?? ''), { headers: { accept: 'text/plain;version=0.0.4' } }).then(async (answer) => {
      const body = await answer.text();
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
