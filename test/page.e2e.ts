import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { HistoryRecorder } from '../src/metrics/index.js';
import { bootNode, setStage, type Stage } from './support/boot.js';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  await settled(stage.node.url);
});
afterEach(() => {
  stage.simulator.faults.clear();
});
afterAll(() => stage.close());

const get = (path: string, headers: Record<string, string> = {}, url = stage.node.url): Promise<Response> =>
  fetch(url + path, { headers });
const page = async (url = stage.node.url): Promise<string> => (await get('/', { accept: BROWSER }, url)).text();
const generate = (): Promise<Response> =>
  fetch(`${stage.node.url}/v1beta/models/gemini-2.5-flash:generateContent`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k' },
    body: JSON.stringify({ contents: [{ parts: [{ text: 'Hello' }] }] }),
  });
/** The store opens while the node already serves. */
const settled = (url: string): Promise<void> =>
  vi.waitFor(async () => {
    const { status } = (await (await get('/health', {}, url)).json()) as { status: string };
    expect(status).toBe('healthy');
  });
/** Texts as a reader sees them. */
const shown = (html: string): string =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ');

describe('what comes at /', () => {
  it('is one line for a terminal, whatever it accepts', async () => {
    for (const accept of ['*/*', 'text/plain', 'application/json']) {
      const response = await get('/', { accept });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
      expect(await response.text()).toMatch(/^L104 Node \d+\.\d+\.\d+ · \S.* · upstream: gemini · docs: \/docs\n$/);
    }
  });

  it('is a page for a browser, and caches cannot mix the two up', async () => {
    for (const accept of [BROWSER, '*/*']) {
      const response = await get('/', { accept });
      expect(response.headers.get('vary')).toMatch(/accept/i);
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
    expect((await get('/', { accept: BROWSER })).headers.get('content-type')).toBe('text/html; charset=utf-8');
  });

  it('has the same head and no body for HEAD', async () => {
    const response = await fetch(`${stage.node.url}/`, { method: 'HEAD', headers: { accept: BROWSER } });
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toBe('');
  });
});

describe('what the page says before any program runs', () => {
  it('invites to a first call that works as it stands, while nobody has called', async () => {
    const { node } = await bootNode({ GEMINI_UPSTREAM: 'simulator' });
    await settled(node.url);
    const html = await page(node.url);
    expect(html).toMatch(/<section id="try" aria-labelledby="try-title">/);
    expect(shown(html)).toContain('answers are not from Gemini');
    const command = shown(/<code id="command">(.*?)<\/code>/.exec(html)?.[1] ?? '').trim();
    const [, url = '', body = ''] = /^curl (\S+) -H 'content-type: application\/json' -d '(.*)'$/.exec(command) ?? [];
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(answer.status).toBe(200);
    await answer.text();
    await expect.poll(() => page(node.url)).toContain('<section id="try" aria-labelledby="try-title" hidden="">');
    await node.drain();
  });

  it('shows the sentence of /health, word for word, in a status that is announced', async () => {
    await (await generate()).text();
    const { summary } = (await (await get('/health')).json()) as { summary: string };
    const html = await page();
    const sentence = /<p id="sentence" role="status"[^>]*>(.*?)<\/p>/.exec(html)?.[1] ?? '';
    expect(shown(sentence).trim()).toBe(summary);
    expect(html).toMatch(/<title>✔ Healthy · L104 Node<\/title>/);
    expect(html).not.toContain('Simulator:');
  });

  it('shows the figures of /metrics and the models', async () => {
    await (await generate()).text();
    const metrics = (await (await get('/metrics')).json()) as Record<string, number>;
    await stage.node.app.get(HistoryRecorder).sample();
    await expect.poll(async () => shown(await page())).toContain('What users feel Answered 100 %');
    const text = shown(await page());
    expect(text).toMatch(/What users feel Answered 100 % .* Requests\/min \d/);
    expect(text).toContain('Last hour: ');
    for (const [label, name] of [
      ['Requests', 'requests_total'],
      ['Answered', 'requests_success'],
      ['Failed', 'requests_error'],
      ['Attempts', 'api_calls'],
    ] as const) {
      expect(text).toContain(`${label} ${metrics[name]}`);
    }
    expect(text).toMatch(/gemini-2\.5-flash \d+ 0/);
  });

  it('says that requests fail by word, shape, colour, title and icon', async () => {
    const failing = await setStage();
    const { node, simulator } = failing;
    simulator.faults.preset('outage', 60_000);
    const model = `${node.url}/v1beta/models/gemini-2.5-flash:generateContent`;
    const body = JSON.stringify({ contents: [{ parts: [{ text: 'Hello' }] }] });
    for (let i = 0; i < 8; i++) await (await fetch(model, { method: 'POST', body })).text();
    const html = await page(node.url);
    expect(html).toContain('<title>✖ Failing · L104 Node</title>');
    expect(html).toMatch(/<section id="status" class="status" data-tone="bad"/);
    expect(html).toMatch(/<link rel="icon" id="favicon" href="data:image\/svg\+xml,[^"]*dc2626/);
    expect(html).toMatch(/role="status"[^>]*><strong>Failing:<\/strong>/);
    await failing.close();
  });

  it('gives no figures away where /metrics has a token', async () => {
    const { node } = await bootNode({ GEMINI_UPSTREAM: 'simulator', METRICS_TOKEN: 'secret-of-metrics' });
    const html = await page(node.url);
    expect(html.match(/METRICS_TOKEN is set/g)).toHaveLength(2);
    expect(html).not.toContain('Upstream errors');
    await node.drain();
  });

  it('names the key where a call needs one', async () => {
    expect(shown(await page())).toContain('-H "x-goog-api-key: $GEMINI_API_KEY"');
  });

  it('leads nowhere that is not served', async () => {
    const { node } = await bootNode({
      NODE_ENV: 'production',
      GEMINI_API_KEY: 'a-key-of-gemini',
      ADMIN_TOKEN: 'token',
    });
    const html = await page(node.url);
    const links = [...html.matchAll(/<a href="(\/[^"]*)"/g)].map(([, href = '']) => href);
    expect(links).toEqual(['/docs/errors', '/metrics', '/health']);
    for (const href of links) expect((await get(href, {}, node.url)).status).toBe(200);
    expect(await (await get('/', {}, node.url)).text()).not.toContain('/docs');
    await node.drain();
  });
});

describe('the rules the page keeps', () => {
  it('has a policy under which nothing inline runs and nothing foreign loads', async () => {
    const response = await get('/', { accept: BROWSER });
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const html = await response.text();
    expect(html).not.toMatch(/<style|<script(?![^>]*src="\/assets\/)|\sstyle="|\son\w+="|javascript:/i);
    expect([...html.matchAll(/(?:src|href)="(https?:)?\/\/[^"]*"/g)]).toEqual([]);
  });

  it('has landmarks, one main heading, a language, labels and a way past the head', async () => {
    const html = await page();
    expect(html.match(/<h1/g)).toHaveLength(1);
    for (const part of ['<html lang="en">', '<header>', '<main id="main"', '<footer>', '<nav aria-label=']) {
      expect(html).toContain(part);
    }
    expect(html).toContain('<a class="skip" href="#main">');
    expect(html).toContain('name="viewport"');
    const ids = new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
    for (const [, id] of html.matchAll(/aria-labelledby="([^"]+)"/g)) expect(ids).toContain(id);
  });

  it('lets a hostile Host name become neither markup nor shell', async () => {
    const { body: html } = await rawGet(stage.node.url, { host: `x'"><script>;reboot`, accept: BROWSER });
    expect(html).not.toContain('<script>');
    expect(html).not.toContain('reboot');
  });

  it('serves everything its modules import, and together less than 80 kB as they are sent, compressed', async () => {
    const html = await page();
    const wanted = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
    let bytes = gzipSync(html).length;
    for (const path of wanted) {
      const response = await get(path);
      expect(response.status, path).toBe(200);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('content-type')).toMatch(path.endsWith('.css') ? /^text\/css/ : /^text\/javascript/);
      const body = await response.text();
      bytes += gzipSync(body).length;
      for (const [, from = ''] of body.matchAll(/^import .* from '([^']+)';$/gm)) {
        expect(wanted).toContain(new URL(from, `http://node${path}`).pathname);
      }
      const again = await rawGet(stage.node.url + path, { 'if-none-match': response.headers.get('etag') ?? '' });
      expect(again.status).toBe(304);
    }
    expect(bytes).toBeLessThan(80_000);
  });

  it('serves no other file', async () => {
    for (const path of ['/assets/main.js', '/assets/..%2fmain.js', '/assets/platform/access.js', '/assets/x']) {
      expect((await get(path)).status, path).toBe(404);
    }
  });
});

/** A request with exactly these headers; `fetch` forbids some and adds others. */
function rawGet(url: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body });
      });
    });
    sent.on('error', reject).end();
  });
}
