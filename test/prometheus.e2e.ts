import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stage, setStage } from './support/boot.js';
import { hasTool } from './support/tool.js';

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
});
