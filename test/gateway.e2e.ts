import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RequestRecord } from '../src/simulator/index.js';
import { type Stage, setStage } from './support/boot.js';

interface Seen {
  record: RequestRecord;
  body: Buffer;
  headers: string[];
}

let stage: Stage;
const seen: Seen[] = [];
beforeAll(async () => {
  stage = await setStage(
    { REQUEST_BODY_LIMIT: '2MiB', REQUEST_RECEIVE_TIMEOUT: '1s', TRUST_PROXY: 'loopback' },
    {
      onRequest: (record, body, request) => {
        seen.push({ record, body, headers: request.rawHeaders });
      },
    },
  );
});
afterEach(() => {
  stage.simulator.faults.clear();
  seen.length = 0;
});
afterAll(() => stage.close());

const MODEL = '/v1beta/models/gemini-2.5-flash';
const HELLO = '{"contents":[{"role":"user","parts":[{"text":"Hello"}]}]}';

function post(path: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(stage.node.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k', ...headers },
    body,
  });
}

describe('what passes through', () => {
  it('keeps the body byte for byte, unknown fields and odd spacing included', async () => {
    const body = Buffer.from(
      '{ "contents" :[{"parts":[{"text":"h\\u00e9 \\ud83d\\ude00 é"}]}],\n"unknownField":{"a":[1.0, 2e3]} }',
    );
    expect((await post(`${MODEL}:generateContent?unknown=%20x&b`, body)).status).toBe(200);
    const got = seen[0]!;
    expect(got.body.equals(body)).toBe(true);
    expect(got.record.bodySha256).toBe(createHash('sha256').update(body).digest('hex'));
    expect(got.record.path).toContain('?unknown=%20x&b');
  });

  it('keeps the answer byte for byte', async () => {
    const direct = await fetch(`${stage.simulator.url}${MODEL}:countTokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k' },
      body: HELLO,
    });
    const through = await post(`${MODEL}:countTokens`, HELLO);
    expect(await through.text()).toBe(await direct.text());
    expect(through.headers.get('content-type')).toBe(direct.headers.get('content-type'));
  });

  it('sends unknown methods and unknown routes of Gemini upstream', async () => {
    await post(`${MODEL}:inventedMethod?x=1`, '{}');
    await fetch(`${stage.node.url}/v1beta/inventions/7?y=2`, {
      method: 'PATCH',
      body: 'raw',
      headers: { 'x-goog-api-key': 'k' },
    });
    expect(seen.map(({ record }) => record.path)).toEqual([`${MODEL}:inventedMethod?x=1`, '/v1beta/inventions/7?y=2']);
    expect(seen[1]!.body.toString()).toBe('raw');
  });

  it('drops hop-by-hop and private headers, keeps the rest, and moves the key out of the query', async () => {
    await post(`${MODEL}:generateContent?key=query-key&z=1`, HELLO, {
      'x-goog-api-client': 'genai-js/2',
      'x-custom': 'kept',
      cookie: 'secret=1',
      'x-forwarded-for': '10.0.0.1',
      'x-l104-cache': 'off',
      'proxy-authorization': 'Basic x',
    });
    const { headers, record } = seen[0]!;
    const names = headers.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
    expect(names).toContain('x-custom');
    expect(names).toContain('x-goog-api-client');
    for (const name of ['cookie', 'x-forwarded-for', 'x-l104-cache', 'proxy-authorization'])
      expect(names).not.toContain(name);
    expect(record.path).not.toContain('query-key');
    expect(names.filter((name) => name === 'x-goog-api-key')).toHaveLength(1);
  });
});

describe('identity', () => {
  it('takes up the trace and the request id, and gives both back', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const response = await post(`${MODEL}:generateContent`, HELLO, {
      traceparent: `00-${trace}-00f067aa0ba902b7-01`,
      'x-request-id': 'mine-1',
    });
    expect(response.headers.get('x-request-id')).toBe('mine-1');
    expect(response.headers.get('traceparent')).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
    const { headers } = seen[0]!;
    expect(headers[headers.indexOf('traceparent') + 1]).toBe(response.headers.get('traceparent'));
  });

  it('makes its own where the client’s are unusable', async () => {
    const response = await post(`${MODEL}:generateContent`, HELLO, {
      'x-request-id': 'a b\u00e9',
      traceparent: 'junk',
    });
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
  });

  it('tells who answered and how long it took, on every surface', async () => {
    const response = await post(`${MODEL}:generateContent`, HELLO);
    expect(response.headers.get('x-l104-model')).toBe('gemini-2.5-flash');
    expect(response.headers.get('x-l104-attempts')).toBe('1');
    expect(response.headers.get('x-l104-healing')).toBeNull();
    expect(response.headers.get('server-timing')).toMatch(
      /^node;dur=[\d.]+, queue;dur=0\.0, upstream;dur=[\d.]+, attempts;desc="1"$/,
    );
    for (const path of ['/health', '/nothing', '/v1beta/models']) {
      const other = await fetch(stage.node.url + path, { headers: { 'x-goog-api-key': 'k' } });
      expect(other.headers.get('x-l104-upstream')).toBe('gemini');
      expect(other.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
    }
  });
});

describe('limits', () => {
  it('refuses a body beyond the limit in the dialect of the surface, and asks nothing of the upstream', async () => {
    const large = Buffer.alloc(2 * 1024 * 1024 + 1, 0x20);
    const native = await post(`${MODEL}:generateContent`, large);
    expect(native.status).toBe(413);
    expect(await native.json()).toMatchObject({
      error: { code: 413, status: 'INVALID_ARGUMENT', details: [{ reason: 'REQUEST_TOO_LARGE' }, {}] },
    });
    const openai = await post('/v1/chat/completions', large);
    expect(await openai.json()).toMatchObject({
      error: { code: 'REQUEST_TOO_LARGE', type: 'invalid_request_error', param: null },
    });
    expect(seen).toHaveLength(0);
  });

  it('gives a slow sender up', async () => {
    const answer = await new Promise<string>((resolve) => {
      const { port, hostname } = new URL(stage.node.url);
      const socket = connect(Number(port), hostname);
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString();
      });
      // The node closes the connection: nobody holds one by sending nothing.
      socket.on('close', () => {
        resolve(text);
      });
      socket.write(`POST ${MODEL}:generateContent HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"cont`);
    });
    expect(answer).toContain('HTTP/1.1 408');
  });

  it('answers 504 when the client’s own deadline passes', async () => {
    stage.simulator.faults.set(planOf({ kind: 'silence' }));
    for (const [name, value] of [
      ['x-server-timeout', '0.3'],
      ['x-stainless-timeout', '0.3'],
      ['x-l104-deadline-ms', '300'],
    ] as const) {
      const response = await post(`${MODEL}:generateContent`, HELLO, { [name]: value });
      expect(response.status).toBe(504);
      expect(await response.json()).toMatchObject({
        error: { status: 'DEADLINE_EXCEEDED', details: [{ reason: 'DEADLINE_EXCEEDED' }, {}] },
      });
    }
  });
});

describe('uploads', () => {
  it('hands out upload addresses of the node, also behind a proxy it trusts', async () => {
    const start = (headers: Record<string, string>): Promise<Response> =>
      post('/upload/v1beta/files', '{"file":{"display_name":"a"}}', {
        'x-goog-upload-protocol': 'resumable',
        'x-goog-upload-command': 'start',
        'x-goog-upload-header-content-length': '5',
        'x-goog-upload-header-content-type': 'text/plain',
        ...headers,
      });
    const plain = await start({});
    const address = plain.headers.get('x-goog-upload-url')!;
    expect(address.startsWith(`${stage.node.url}/upload/v1beta/files?`)).toBe(true);
    const done = await fetch(address, {
      method: 'POST',
      body: 'hello',
      headers: { 'x-goog-upload-command': 'upload, finalize', 'x-goog-upload-offset': '0', 'x-goog-api-key': 'k' },
    });
    expect(await done.json()).toMatchObject({ file: { sizeBytes: '5' } });
    const proxied = await start({ 'x-forwarded-proto': 'https', 'x-forwarded-host': 'ai.example.com' });
    expect(proxied.headers.get('x-goog-upload-url')).toMatch(/^https:\/\/ai\.example\.com\/upload\//);
  });

  it('streams a large upload through without keeping it', async () => {
    const size = 8 * 1024 * 1024;
    const status = await new Promise<number>((resolve, reject) => {
      const upload = httpRequest(
        `${stage.node.url}/upload/v1beta/files?uploadType=media`,
        {
          method: 'POST',
          headers: { 'x-goog-api-key': 'k', 'content-type': 'application/octet-stream', 'content-length': size },
        },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      );
      upload.on('error', reject);
      for (let sent = 0; sent < size; sent += 1 << 20) upload.write(Buffer.alloc(1 << 20));
      upload.end();
    });
    expect(status).toBeGreaterThanOrEqual(200);
    expect(seen[0]!.body.length).toBe(size);
  });
});

/** A plan of one fault on generating calls. */
function planOf(fault: Record<string, unknown>): Parameters<Stage['simulator']['faults']['set']>[0] {
  return {
    seed: 1,
    faults: [
      {
        id: 'one',
        surface: 'any',
        methods: ['*enerateContent'],
        fromMs: 0,
        skip: 0,
        probability: 1,
        fault: fault as never,
      },
    ],
  };
}
