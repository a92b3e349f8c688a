import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigModule, registerAs } from '@nestjs/config';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConversationStore, MemoryModule, MemoryStore } from '../src/memory/index.js';
import { newDatabase } from '../src/memory/test-databases.js';
import { MetricsModule } from '../src/metrics/index.js';
import { SETTINGS_GROUPS } from '../src/node-settings.js';
import { createLog } from '../src/platform/logging.js';
import { PlatformModule } from '../src/platform/platform.module.js';
import { validateEnvironment } from '../src/platform/validate-environment.js';

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Record<string, unknown>;
}

const directory = mkdtempSync(join(tmpdir(), 'memory-http-'));
const apps: NestExpressApplication[] = [];
let app: NestExpressApplication;
let port: number;

async function boot(env: Record<string, string>): Promise<NestExpressApplication> {
  const { values, problems } = validateEnvironment(SETTINGS_GROUPS, env);
  expect(problems).toEqual([]);
  const load = Object.entries(values).map(([name, group]) => registerAs(name, () => ({ ...group })));
  const imports = [
    ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true, load }),
    PlatformModule.forRoot({ log: createLog('silent', 'json'), upstream: 'simulator' }),
    MetricsModule,
    MemoryModule,
  ];
  const made = (await Test.createTestingModule({ imports }).compile()).createNestApplication<NestExpressApplication>();
  made.useBodyParser('json', { limit: '1mb' });
  await made.listen(0, '127.0.0.1');
  apps.push(made);
  return made;
}

const portOf = (one: NestExpressApplication): number =>
  (one.getHttpServer() as { address(): AddressInfo }).address().port;

beforeAll(async () => {
  app = await boot({ DATABASE_URL: await newDatabase() });
  port = portOf(app);
});

afterAll(async () => {
  for (const one of apps) await one.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Sends the path as it is; `fetch` would rewrite it. */
function send(method: string, path: string, body?: unknown, on = port): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ method, path, port: on, host: '127.0.0.1', agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => {
        const parsed = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parsed });
      });
    });
    sent.on('error', reject);
    if (body !== undefined) sent.setHeader('content-type', 'application/json');
    sent.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
}

const put = (key: unknown, value: unknown): Promise<Answer> => send('POST', '/memory', { key, value });

describe('the key–value API', () => {
  it('answers as the contract says', async () => {
    expect(await put('greeting', 'hello')).toMatchObject({ status: 200, body: { status: 'SUCCESS', key: 'greeting' } });
    const got = await send('GET', '/memory/greeting');
    expect(got.body).toEqual({
      key: 'greeting',
      value: 'hello',
      updated_at: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
    });
    expect((await put('greeting', 'again')).status).toBe(200);
    expect((await send('GET', '/memory/greeting')).body['value']).toBe('again');
    expect((await send('HEAD', '/memory/greeting')).status).toBe(200);
    expect((await send('DELETE', '/memory/greeting')).body).toEqual({ status: 'SUCCESS', key: 'greeting' });
    for (const method of ['GET', 'DELETE']) {
      const gone = await send(method, '/memory/greeting');
      expect(gone.status).toBe(404);
      expect(gone.headers['content-type']).toContain('application/problem+json');
      expect(gone.body).toMatchObject({ code: 'NOT_FOUND', status: 404 });
    }
  });

  const nasty = [
    ...'/ // a/ /a a/b %2F % %% %zz . .. ../.. ./a + a+b ? a?b=c # & a;b \\ " \' <a> * :id {a} ('.split(' '),
    ...'é e\u0301 漢字 😀 👨‍👩‍👧 \u202e \u2028 \x7f \u{10FFFF} \uFFFD sessions sessions/ sessions/x Sessions/x sessions%2Fx'.split(
      ' ',
    ),
    ...'__proto__ constructor null key item memory'.split(' '),
    ...[' ', '  a ', '\n', '\r\n', '\t', '\ufeff', 'x'.repeat(255), '😀'.repeat(255), "'; DROP TABLE memory_item; --"],
  ];

  it.each(nasty.map((key) => [key]))('stores, fetches, lists and deletes the key %j', async (key) => {
    const value = `value of ${key}`;
    expect((await put(key, value)).body).toEqual({ status: 'SUCCESS', key });
    const encoded = encodeURIComponent(key);
    for (const path of [
      `/memory/${encoded}`,
      `/memory?item=${encoded}`,
      `/memory/?${new URLSearchParams({ item: key }).toString()}`,
    ]) {
      expect((await send('GET', path)).body).toMatchObject({ key, value });
    }
    const listed = await send('GET', `/memory?limit=1&prefix=${encoded}`);
    expect(listed.body).toMatchObject({ items: [{ key, value }], next_cursor: null });
    expect((await send('DELETE', `/memory/${encoded}`)).body).toEqual({ status: 'SUCCESS', key });
    expect((await send('GET', `/memory?item=${encoded}`)).status).toBe(404);
  });

  it('takes literal slashes and dots in the path as they are', async () => {
    for (const key of ['/', 'a//b/', '..', 'x/../y']) await put(key, key);
    for (const key of ['/', 'a//b/', '..', 'x/../y']) {
      expect((await send('GET', `/memory/${key}`)).body).toMatchObject({ key });
      expect((await send('DELETE', `/memory?item=${encodeURIComponent(key)}`)).status).toBe(200);
    }
  });

  it('gives back any value byte for byte', async () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }).filter((one) => !one.includes('\0'));
    const check = fc.asyncProperty(text, async (value) => {
      await put('any', value);
      expect((await send('GET', '/memory/any')).body['value']).toBe(value);
    });
    await fc.assert(check, { numRuns: 50 });
    for (const value of ['x'.repeat(100_000), '😀'.repeat(100_000)]) {
      expect((await put('large', value)).status).toBe(200);
      expect((await send('GET', '/memory/large')).body['value']).toBe(value);
    }
    for (const key of ['any', 'large']) await send('DELETE', `/memory/${key}`);
  });

  const badBodies = [
    ...[{ value: 'v' }, { key: '', value: 'v' }, { key: 'k', value: '' }, { key: 'k' }, { key: 1, value: 'v' }],
    ...[
      { key: 'k', value: { secret: 1 } },
      { key: '😀'.repeat(256), value: 'v' },
      { key: 'k', value: 'x'.repeat(100_001) },
    ],
    ...[{ key: 'a\0b', value: 'v' }, '{"key":"k","value":"a\\ud83d"}', '[]', '{"key":', undefined],
  ];

  it.each(badBodies.map((body) => [body]))('refuses bad body %# with 400', async (body) => {
    const answer = await send('POST', '/memory', body);
    expect(answer.body).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    expect(JSON.stringify(answer.body)).not.toMatch(/xxx|secret|😀😀/);
  });

  const badAddresses = [
    ...'/memory/%FF /memory/a% /memory/%E0%A4%A /memory/%00 /memory?item=%FF /memory?item= /memory/sessions/a%20b'.split(
      ' ',
    ),
    ...'/memory?limit=0 /memory?limit=1001 /memory?limit=ten /memory?cursor=abc /memory?prefix=%FF'.split(' '),
    `/memory/${'x'.repeat(256)}`,
  ];

  it.each(badAddresses)('refuses the address %.40s with 400', async (path) => {
    for (const method of ['GET', 'DELETE']) {
      expect((await send(method, path)).body).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    }
  });

  it('pages through everything while others write', async () => {
    await Promise.all(Array.from({ length: 25 }, (_, n) => put(`page/${n}`, 'v')));
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await send('GET', `/memory?limit=7&prefix=page%2F&cursor=${cursor}&key=a-client-key`);
      seen.push(...(body['items'] as { key: string }[]).map(({ key }) => key));
      cursor = body['next_cursor'] as string | null;
      await put(`page/new${seen.length}`, 'v');
    }
    expect(seen.sort()).toEqual(Array.from({ length: 25 }, (_, n) => `page/${n}`).sort());
  });
});

describe('sessions', () => {
  it('are shown and deleted apart from keys of the same spelling', async () => {
    const turn = { userText: 'hi', modelText: 'hello', model: 'gemini-x', usage: { total_tokens: 3 } };
    await app.get(ConversationStore).append({ namespace: '', sessionId: 'a.b-1' }, turn);
    await put('sessions/a.b-1', 'a key');
    const created_at = expect.any(String) as unknown;
    expect((await send('GET', '/memory/sessions/a.b-1')).body).toEqual({
      session_id: 'a.b-1',
      turns: [
        { role: 'user', text: 'hi', created_at },
        { role: 'model', text: 'hello', model: 'gemini-x', usage: { total_tokens: 3 }, created_at },
      ],
    });
    expect((await send('DELETE', '/memory/sessions/a.b-1')).body).toEqual({ status: 'SUCCESS', session_id: 'a.b-1' });
    for (const method of ['GET', 'DELETE']) expect((await send(method, '/memory/sessions/a.b-1')).status).toBe(404);
    expect((await send('GET', '/memory/sessions%2Fa.b-1')).body).toMatchObject({
      key: 'sessions/a.b-1',
      value: 'a key',
    });
  });
});

describe('the node around it', () => {
  it('asks for a client key where keys are configured, also with a key in the query', async () => {
    const guarded = await boot({
      DATABASE_URL: await newDatabase(),
      CLIENT_API_KEYS: 'key-of-team-a',
    });
    expect((await send('GET', '/memory', undefined, portOf(guarded))).status).toBe(401);
    expect((await send('GET', '/memory/x', undefined, portOf(guarded))).status).toBe(401);
    expect((await send('GET', '/memory?key=key-of-team-a', undefined, portOf(guarded))).body).toEqual({
      items: [],
      next_cursor: null,
    });
  });

  it('boots and answers 503 with Retry-After when the file is garbage', async () => {
    writeFileSync(join(directory, 'garbage.db'), 'garbage');
    const begun = Date.now();
    const broken = await boot({ DATABASE_URL: `file:${join(directory, 'garbage.db')}` });
    expect(Date.now() - begun).toBeLessThan(10_000);
    for (const [method, path, body] of [
      ['GET', '/memory/x'],
      ['POST', '/memory', { key: 'a', value: 'b' }],
    ] as const) {
      const answer = await send(method, path, body, portOf(broken));
      expect(answer.body).toMatchObject({
        status: 503,
        code: 'STORE_UNAVAILABLE',
        detail: expect.stringContaining('not an SQLite') as unknown,
      });
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    expect(broken.get(MemoryStore).status()).toMatchObject({ state: 'unusable' });
  });
});
