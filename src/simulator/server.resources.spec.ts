import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningSimulator, startSimulator } from './index.js';

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await startSimulator({ wordDelayMs: 0, requireKey: false, host: '127.0.0.1' });
});
afterAll(() => simulator.close());

interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Record<string, unknown>;
}

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Got> {
  const url = path.startsWith('http') ? path : simulator.url + path;
  const payload = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, { method, headers, body: payload });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    json: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

describe('resumable uploads', () => {
  const start = async (): Promise<string> => {
    const headers = {
      'x-goog-upload-protocol': 'resumable',
      'x-goog-upload-command': 'start',
      'x-goog-upload-header-content-type': 'text/plain',
    };
    const begun = await call('POST', '/upload/v1beta/files', { file: { displayName: 'd' } }, headers);
    expect(begun.headers.get('x-goog-upload-status')).toBe('active');
    return begun.headers.get('x-goog-upload-url') ?? '';
  };
  const send = (url: string, command: string, offset: number, bytes?: string): Promise<Got> =>
    call('POST', url, bytes, { 'x-goog-upload-command': command, 'x-goog-upload-offset': String(offset) });

  it('come in several parts, can be asked about, and end in a file', async () => {
    const url = await start();
    expect(url).toMatch(new RegExp(`^${simulator.url}/upload/`));
    expect((await send(url, 'upload', 0, 'hello ')).headers.get('x-goog-upload-status')).toBe('active');
    expect((await send(url, 'query', 0)).headers.get('x-goog-upload-size-received')).toBe('6');
    expect((await send(url, 'upload', 3, 'no')).status).toBe(400);
    const done = await send(url, 'upload, finalize', 6, 'world');
    expect(done.headers.get('x-goog-upload-status')).toBe('final');
    expect(done.json).toMatchObject({
      file: { sizeBytes: '11', mimeType: 'text/plain', displayName: 'd', state: 'ACTIVE' },
    });
    expect((await send(url, 'query', 0)).status).toBe(404);
  });

  it('can be given up, and have to be announced', async () => {
    const url = await start();
    expect((await send(url, 'cancel', 0)).headers.get('x-goog-upload-status')).toBe('cancelled');
    expect((await send(url, 'upload', 0, 'x')).status).toBe(404);
    expect((await call('POST', '/upload/v1beta/files', 'x')).status).toBe(400);
    const multipart = { 'x-goog-upload-protocol': 'multipart', 'content-type': 'multipart/related; boundary=b' };
    expect((await call('POST', '/upload/v1beta/files', '--b\r\nnothing', multipart)).status).toBe(400);
  });
});

describe('listings', () => {
  it('are cut into pages', async () => {
    const first = await call('GET', '/v1beta/models?pageSize=3');
    expect(first.json.models).toHaveLength(3);
    const next = await call('GET', `/v1beta/models?pageSize=1000&pageToken=${String(first.json.nextPageToken)}`);
    expect(next.json.nextPageToken).toBeUndefined();
    expect((await call('GET', '/v1beta/models?pageToken=zz')).status).toBe(400);
    expect((await call('GET', '/v1beta/models/gemini-2.5-pro')).json).toMatchObject({
      name: 'models/gemini-2.5-pro',
      inputTokenLimit: 1_048_576,
    });
    expect((await call('GET', '/v1beta/models/none')).status).toBe(404);
    expect((await call('GET', '/v1beta/openai/models/models%2Fgemini-2.5-pro')).json).toMatchObject({
      id: 'models/gemini-2.5-pro',
    });
  });
});

describe('cached contents', () => {
  it('are made, changed, listed and deleted', async () => {
    const body = { model: 'models/gemini-2.5-flash', contents: [{ parts: [{ text: 'x'.repeat(40) }] }], ttl: '100s' };
    const made = await call('POST', '/v1beta/cachedContents', body);
    const path = `/v1beta/${String(made.json.name)}`;
    expect(made.json).toMatchObject({ model: 'models/gemini-2.5-flash', usageMetadata: { totalTokenCount: 10 } });
    const changed = await call('PATCH', path, { ttl: '9000s' });
    expect(String(changed.json.expireTime) > String(made.json.expireTime)).toBe(true);
    expect((await call('GET', '/v1beta/cachedContents')).json.cachedContents).toHaveLength(1);
    expect((await call('PATCH', path, { ttl: '-1s' })).status).toBe(400);
    await call('DELETE', path);
    expect((await call('GET', path)).status).toBe(403);
    const use = { contents: body.contents, cachedContent: made.json.name };
    expect((await call('POST', '/v1beta/models/gemini-2.5-flash:generateContent', use)).status).toBe(403);
  });
});

describe('interactions', () => {
  it('are kept, cancelled, deleted and not found again', async () => {
    const made = await call('POST', '/v1beta/interactions', {
      model: 'gemini-2.5-flash',
      input: [{ type: 'text', text: 'hi' }],
    });
    const path = `/v1beta/interactions/${String(made.json.id)}`;
    expect((await call('GET', path)).json).toMatchObject({ status: 'completed', steps: [{ type: 'model_output' }] });
    expect((await call('POST', `${path}/cancel`, {})).json).toMatchObject({ status: 'cancelled' });
    expect((await call('DELETE', path)).status).toBe(200);
    expect((await call('GET', path)).status).toBe(404);
    const orphan = { model: 'gemini-2.5-flash', input: 'x', previous_interaction_id: 'gone' };
    expect((await call('POST', '/v1beta/interactions', orphan)).status).toBe(404);
    const unkept = await call('POST', '/v1beta/interactions', { model: 'gemini-2.5-flash', input: 'x', store: false });
    expect((await call('GET', `/v1beta/interactions/${String(unkept.json.id)}`)).status).toBe(404);
  });

  it('ask for functions and go on from their results', async () => {
    const tools = [{ type: 'function', name: 'get_time', parameters: { type: 'object', properties: {} } }];
    const asked = await call('POST', '/v1beta/interactions', {
      model: 'gemini-3-pro-preview',
      input: 'get_time',
      tools,
    });
    expect(asked.json).toMatchObject({
      status: 'requires_action',
      steps: [{ type: 'function_call', name: 'get_time' }],
    });
    const input = [{ type: 'function_result', name: 'get_time', call_id: 'x', result: 'noon' }];
    const told = await call('POST', '/v1beta/interactions', {
      model: 'gemini-3-pro-preview',
      input,
      tools,
      previous_interaction_id: asked.json.id,
    });
    expect(JSON.stringify(told.json)).toContain('According to get_time: noon');
  });
});

describe('projects', () => {
  const MODEL = '/v1beta/models/gemini-2.5-flash:generateContent';
  let shared: RunningSimulator;
  beforeAll(async () => {
    shared = await startSimulator({ wordDelayMs: 0, projects: { one: 'a', two: 'a', three: 'b' } });
  });
  afterAll(() => shared.close());
  const as = (key: string, method: string, path: string, body?: unknown): Promise<Got> =>
    call(method, path.startsWith('http') ? path : shared.url + path, body, {
      'x-goog-api-key': key,
      'x-goog-upload-protocol': 'resumable',
      'x-goog-upload-command': path.includes('upload_id') ? 'upload, finalize' : 'start',
    });

  it('share their uploads, files and caches among their keys, and with nobody else', async () => {
    const url = (await as('one', 'POST', '/upload/v1beta/files', {})).headers.get('x-goog-upload-url') ?? '';
    expect((await as('three', 'POST', url, 'bytes')).status).toBe(404);
    const { file } = (await as('two', 'POST', url, 'bytes')).json as { file: { name: string; uri: string } };
    const about = { contents: [{ parts: [{ fileData: { fileUri: file.uri } }, { text: 'what is it?' }] }] };
    const cached = { model: 'models/gemini-2.5-flash', ...about };
    const cache = (await as('one', 'POST', '/v1beta/cachedContents', cached)).json;
    const use = { contents: [{ parts: [{ text: file.uri }] }], cachedContent: cache.name };
    for (const [key, status] of [
      ['one', 200],
      ['two', 200],
      ['three', 403],
    ] as const) {
      expect((await as(key, 'GET', `/v1beta/${file.name}`)).status).toBe(status);
      expect((await as(key, 'GET', `/v1beta/${String(cache.name)}`)).status).toBe(status);
      expect((await as(key, 'POST', MODEL, about)).status).toBe(status);
      expect((await as(key, 'POST', MODEL, use)).status).toBe(status);
      expect((await as(key, 'POST', '/v1beta/cachedContents', cached)).status).toBe(status);
    }
    expect((await as('three', 'GET', '/v1beta/files')).json).toEqual({});
    expect((await as('three', 'DELETE', `/v1beta/${file.name}`)).status).toBe(403);
    expect((await as('one', 'GET', '/v1beta/files')).json.files).toHaveLength(1);
  });

  it('do not go on with the interactions of others', async () => {
    const ask = (key: string, more: object): Promise<Got> =>
      as(key, 'POST', '/v1beta/interactions', { model: 'gemini-2.5-flash', input: 'hi', ...more });
    const { id } = (await ask('one', {})).json;
    expect((await ask('two', { previous_interaction_id: id })).status).toBe(200);
    expect((await ask('three', { previous_interaction_id: id })).status).toBe(404);
    expect((await as('three', 'GET', `/v1beta/interactions/${String(id)}`)).status).toBe(404);
  });
});

describe('embeddings', () => {
  it('are unit vectors, the same for the same text, and bounded', async () => {
    const embedding = async (text: string, more: object = {}): Promise<Got> =>
      call('POST', '/v1beta/models/gemini-embedding-001:embedContent', { content: { parts: [{ text }] }, ...more });
    const one = (await embedding('a', { outputDimensionality: 16 })).json as { embedding: { values: number[] } };
    expect(Math.hypot(...one.embedding.values)).toBeCloseTo(1, 5);
    expect((await embedding('a', { outputDimensionality: 16 })).json).toEqual(one);
    expect((await embedding('')).status).toBe(400);
    expect((await embedding('a', { outputDimensionality: 0 })).status).toBe(400);
    const many = { requests: Array.from({ length: 101 }, () => ({ content: { parts: [{ text: 'x' }] } })) };
    expect((await call('POST', '/v1beta/models/gemini-embedding-001:batchEmbedContents', many)).status).toBe(400);
    expect((await call('POST', '/v1beta/models/gemini-2.5-flash:embedContent', {})).status).toBe(404);
  });
});

describe('options', () => {
  it('add and change models, and let all models say the same', async () => {
    const models = [
      { name: 'gemini-2.5-pro', inputTokenLimit: 5 },
      { name: 'mine', prefill: true },
    ];
    const other = await startSimulator({ wordDelayMs: 0, requireKey: false, sameTextForAllModels: true, models });
    const ask = (model: string, text: string): Promise<Got> =>
      call('POST', `${other.url}/v1beta/models/${model}:generateContent`, { contents: [{ parts: [{ text }] }] });
    expect((await ask('gemini-2.5-pro', 'x'.repeat(100))).json).toMatchObject({
      error: { message: expect.stringContaining('(25)') as string },
    });
    const [one, two] = [await ask('mine', 'hi'), await ask('gemini-2.5-flash', 'hi')];
    expect(one.json.candidates).toEqual(two.json.candidates);
    expect(simulator.port).not.toBe(other.port);
    await expect(startSimulator({ port: other.port })).rejects.toThrow('EADDRINUSE');
    await other.close();
    await expect(fetch(other.url)).rejects.toThrow();
  });

  it('answer only the verbs a path takes', async () => {
    for (const [verb, path] of [
      ['GET', 'models/gemini-2.5-pro:generateContent'],
      ['DELETE', 'models'],
      ['POST', 'files'],
      ['GET', 'interactions'],
    ]) {
      const response = await fetch(`${simulator.url}/v1beta/${path!}`, { method: verb! });
      expect([response.status, response.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8']);
      await response.text();
    }
  });
});
