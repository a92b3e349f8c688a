import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setStage, type Stage } from './support/boot.js';

const ALICE = 'client-key-of-alice';
const BOB = 'client-key-of-bob';
const directory = mkdtempSync(join(tmpdir(), 'l104-clients-'));
let stage: Stage;
const start = (keys: string): Promise<Stage> =>
  setStage({
    DATABASE_URL: `file:${join(directory, 'l104.db')}`,
    CLIENT_API_KEYS: keys,
    GEMINI_API_KEY: 'upstream-key',
    MEMORY_PAGE_SIZE: '2',
  });
beforeAll(async () => {
  stage = await start(`${ALICE},${BOB}`);
});
afterAll(() => stage.close());

type Body = Record<string, unknown>;
async function as(client: string, method: string, path: string, body?: Body): Promise<{ status: number; body: Body }> {
  const response = await fetch(stage.node.url + path, {
    method,
    headers: { 'x-goog-api-key': client, accept: 'application/json', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Body };
}
const put = (client: string, key: string, value: string): Promise<{ status: number }> =>
  as(client, 'POST', '/memory', { key, value });
const say = (client: string, message: string, session_id: string): Promise<{ status: number }> =>
  as(client, 'POST', '/api/v6/stream', { message, session_id });
const keysOf = (body: Body): string[] => (body['items'] as { key: string }[]).map(({ key }) => key);
const sessionsOf = (body: Body): string[] =>
  (body['sessions'] as { session_id: string }[]).map(({ session_id }) => session_id);

describe('with client keys, a client', () => {
  it('has items of its own under the same keys as others', async () => {
    await put(ALICE, 'k', 'of alice');
    await put(BOB, 'k', 'of bob');
    expect((await as(ALICE, 'GET', '/memory/k')).body['value']).toBe('of alice');
    expect((await as(BOB, 'GET', '/memory/k')).body['value']).toBe('of bob');
    expect((await as(ALICE, 'DELETE', '/memory/k')).status).toBe(200);
    expect((await as(BOB, 'GET', '/memory/k')).body['value']).toBe('of bob');
  });

  it('is the same whatever slot its key comes in', async () => {
    await put(ALICE, 'slot', 'x');
    const answers = await Promise.all([
      fetch(`${stage.node.url}/memory/slot?key=${ALICE}`),
      fetch(`${stage.node.url}/memory/slot`, { headers: { authorization: `Bearer ${ALICE}` } }),
      fetch(`${stage.node.url}/memory/slot`, {
        headers: { 'x-goog-api-key': 'other', authorization: `Bearer ${ALICE}` },
      }),
    ]);
    for (const answer of answers) expect(await answer.json()).toMatchObject({ key: 'slot', value: 'x' });
  });

  it('learns nothing of what others have', async () => {
    for (const key of ['secret/1', 'secret/2', 'secret/3']) await put(BOB, key, 'of bob');
    await say(BOB, 'Hello', 'private');
    for (const method of ['GET', 'DELETE']) {
      for (const [there, nothing] of [
        ['/memory/secret%2F1', '/memory/nothing%2F1'],
        ['/memory/sessions/private', '/memory/sessions/nothing'],
      ] as const) {
        const [one, other] = [await as(ALICE, method, there), await as(ALICE, method, nothing)];
        expect(one.status).toBe(404);
        const same = { instance: '', request_id: '' };
        expect({ ...one.body, ...same }).toEqual({ ...other.body, ...same });
      }
    }
    expect((await as(ALICE, 'GET', '/memory?prefix=secret')).body).toEqual({ items: [], next_cursor: null });
    expect((await as(ALICE, 'GET', '/memory/sessions/')).body).toEqual({ sessions: [], next_cursor: null });
    const created = await fetch(`${stage.node.url}/memory`, {
      method: 'POST',
      headers: { 'x-goog-api-key': ALICE, 'content-type': 'application/json', 'if-none-match': '*' },
      body: JSON.stringify({ key: 'secret/1', value: 'of alice' }),
    });
    expect(created.status).toBe(200);
    const cursor = (await as(BOB, 'GET', '/memory?prefix=secret')).body['next_cursor'] as string;
    expect(keysOf((await as(ALICE, 'GET', `/memory?cursor=${cursor}&prefix=secret`)).body)).toEqual([]);
    expect((await as(BOB, 'GET', '/memory/secret%2F1')).body['value']).toBe('of bob');
  });

  it('has conversations of its own', async () => {
    await say(ALICE, 'I am Alice', 'talk');
    await say(BOB, 'I am Bob', 'talk');
    await say(ALICE, 'Who am I?', 'talk');
    const texts = (body: Body): unknown[] =>
      (body['turns'] as Body[]).filter(({ role }) => role === 'user').map(({ text }) => text);
    expect(texts((await as(ALICE, 'GET', '/memory/sessions/talk')).body)).toEqual(['I am Alice', 'Who am I?']);
    expect(texts((await as(BOB, 'GET', '/memory/sessions/talk')).body)).toEqual(['I am Bob']);
  });

  it('is limited and told of its limit on every route of the memory', async () => {
    for (const [method, path] of [
      ['GET', '/memory'],
      ['HEAD', '/memory/slot'],
      ['GET', '/memory/nothing'],
      ['GET', '/memory/sessions/'],
      ['DELETE', '/memory/sessions/nothing'],
      ['DELETE', '/memory/nothing'],
    ] as const) {
      const { headers } = await fetch(stage.node.url + path, { method, headers: { 'x-goog-api-key': ALICE } });
      expect(headers.get('ratelimit'), `${method} ${path}`).toMatch(/r=\d+/);
      const refused = await fetch(stage.node.url + path, { method, headers: { 'x-goog-api-key': 'guess' } });
      expect([refused.status, refused.headers.has('ratelimit'), refused.headers.has('etag')]).toEqual([
        401,
        true,
        false,
      ]);
    }
  });
});

describe('the list of sessions', () => {
  it('pages through them, the last used first', async () => {
    for (const id of ['one', 'two', 'three', 'four', 'five']) await say(ALICE, 'Hello', id);
    await say(ALICE, 'Hello again', 'one');
    const seen: string[] = [];
    let cursor: unknown = '';
    while (typeof cursor === 'string') {
      const { body } = await as(ALICE, 'GET', `/memory/sessions/?limit=2&cursor=${cursor}`);
      seen.push(...sessionsOf(body));
      cursor = body['next_cursor'];
    }
    expect(seen).toEqual(['one', 'five', 'four', 'three', 'two', 'talk']);
    const { body } = await as(ALICE, 'GET', '/memory/sessions?limit=1');
    const moment = expect.stringMatching(/^\d{4}-.*Z$/) as unknown;
    expect(body['sessions']).toEqual([{ session_id: 'one', turns: 2, created_at: moment, updated_at: moment }]);
    expect((await as(ALICE, 'GET', '/memory/sessions/')).body['sessions']).toHaveLength(2);
    for (const bad of ['limit=0', 'cursor=abc', `cursor=${Buffer.from('r7').toString('base64url')}`]) {
      expect((await as(ALICE, 'GET', `/memory/sessions/?${bad}`)).status).toBe(400);
    }
  });

  it('gives way to an item with the key "sessions", except at its own address', async () => {
    await put(ALICE, 'sessions', 'a value');
    expect((await as(ALICE, 'GET', '/memory/sessions')).body['value']).toBe('a value');
    expect((await as(ALICE, 'GET', '/memory/sessions/')).body).toHaveProperty('sessions');
    expect((await as(ALICE, 'DELETE', '/memory/sessions/')).status).toBe(400);
    expect((await as(ALICE, 'DELETE', '/memory/sessions')).status).toBe(200);
    expect((await as(ALICE, 'GET', '/memory/sessions')).body).toHaveProperty('sessions');
  });
});

describe('what is stored', () => {
  it('is named by a digest of the key, never by the key', () => {
    const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    const bytes = files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1')).join('');
    expect(bytes).not.toContain(ALICE);
    expect(bytes).toContain(createHash('sha256').update(ALICE).digest('hex').slice(0, 32));
  });

  it('stays with its key when keys come and go', async () => {
    await put(ALICE, 'lasting', 'of alice');
    await stage.close();
    stage = await start('');
    expect((await as('', 'GET', '/memory/lasting')).status).toBe(404);
    await put('', 'shared', 'of all');
    await stage.close();
    stage = await start(`another-key,${ALICE}`);
    expect((await as(ALICE, 'GET', '/memory/lasting')).body['value']).toBe('of alice');
    expect((await as('another-key', 'GET', '/memory/lasting')).status).toBe(404);
    for (const client of [ALICE, 'another-key']) expect((await as(client, 'GET', '/memory/shared')).status).toBe(404);
  });
});
