import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bootNode } from './support/boot.js';
import { type KeeperAnswer, type KeptCall, type ProjectKeeper, startKeeper } from './support/project-keeper.js';

let keeper: ProjectKeeper;
let node: Awaited<ReturnType<typeof bootNode>>['node'];
let answers: Record<string, (call: KeptCall) => KeeperAnswer | string>;
beforeAll(async () => {
  keeper = await startKeeper((call) => {
    const path = call.path.split('?', 1)[0] ?? '';
    const answer = answers[`${call.method} ${path}`]?.(call) ?? { status: 404, body: '{"error":{"code":404}}' };
    return typeof answer === 'string' ? { body: answer } : answer;
  });
  ({ node } = await bootNode({
    GEMINI_UPSTREAM: 'gemini',
    GEMINI_BASE_URL: `${keeper.url}/google`,
    GEMINI_API_KEY: 'one:one-key-0001,one:one-key-0002,two:two-key-0003',
  }));
});
beforeEach(() => {
  answers = {};
  keeper.calls.length = 0;
});
afterAll(async () => {
  await node.drain();
  await keeper.close();
});

const get = (path: string): Promise<Response> => fetch(node.url + path);

function post(path: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(node.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** Which project's keys the calls went out with. */
const projects = (): string[] => keeper.calls.map(({ project }) => project);

/** Begins things until both projects have some; each with the project it was begun in. */
async function begin(path: string, body: unknown): Promise<Map<string, string>> {
  const begun = new Map<string, string>();
  while (new Set(begun.values()).size < 2) {
    expect(begun.size).toBeLessThan(10);
    const { name } = (await (await post(path, body)).json()) as { name: string };
    begun.set(name, keeper.calls.at(-1)?.project ?? '');
  }
  keeper.calls.length = 0;
  return begun;
}

describe('what a call to a model begins', () => {
  it('is asked about, and its files are fetched, with the keys of its project', async () => {
    let count = 0;
    const method = '/google/v1beta/models/gemini-2.5-flash:batchGenerateContent';
    answers[`POST ${method}`] = () => `{ "name" : "batches/b${++count}", "metadata": {"state":"PENDING"} }`;
    for (const [name, project] of await begin('/v1beta/models/gemini-2.5-flash:batchGenerateContent', {})) {
      const file = name.replace('batches/', 'files/batch-');
      answers[`GET /google/v1beta/${name}`] = () => JSON.stringify({ name, response: { responsesFile: file } });
      answers[`GET /google/download/v1beta/${file}:download`] = () => ({ body: 'lines', type: 'text/plain' });
      answers[`POST /google/v1beta/${name}:cancel`] = () => '{}';
      keeper.calls.length = 0;
      for (let i = 0; i < 2; i++) expect((await get(`/v1beta/${name}`)).status).toBe(200);
      expect(await (await get(`/download/v1beta/${file}:download?alt=media`)).text()).toBe('lines');
      expect((await post(`/v1beta/${name}:cancel`, {})).status).toBe(200);
      expect(projects()).toEqual([project, project, project, project]);
    }
  });

  it('may name what it makes by an address, however deep that stands', async () => {
    let count = 0;
    const model = 'models/veo-3';
    const names = `${model}/operations`;
    answers[`POST /google/v1beta/${model}:predictLongRunning`] = () => `{"name":"${names}/o${++count}"}`;
    for (const [name, project] of await begin(`/v1beta/${model}:predictLongRunning`, {})) {
      const uri = `${keeper.url}/google/v1beta/files/v${name.at(-1)}:download?alt=media`;
      const response = { generateVideoResponse: { generatedSamples: [{ video: { uri } }] } };
      answers[`GET /google/v1beta/${name}`] = () => JSON.stringify({ name, done: true, response });
      answers[`GET /google${new URL(uri).pathname.slice('/google'.length)}`] = () => ({
        body: 'film',
        type: 'video/mp4',
      });
      keeper.calls.length = 0;
      await (await get(`/v1beta/${name}`)).text();
      const fetched = await get(new URL(uri).pathname.slice('/google'.length) + new URL(uri).search);
      expect(await fetched.text()).toBe('film');
      expect(projects()).toEqual([project, project]);
    }
    // A model is everybody's: what was begun with it says nothing of the next call.
    answers[`GET /google/v1beta/${model}`] = () => `{"name":"${model}"}`;
    await (await get(`/v1beta/${model}`)).text();
    expect(projects().at(-1)).toBe('one');
  });

  it('is kept apart on the OpenAI surface too, by an id that is a whole name', async () => {
    let count = 0;
    const method = '/google/v1beta/models/m:batchGenerateContent';
    answers[`POST ${method}`] = () => `{"name":"batches/o${++count}"}`;
    for (const [name, project] of await begin('/v1beta/models/m:batchGenerateContent', {})) {
      keeper.calls.length = 0;
      for (const path of [`/v1/batches/${encodeURIComponent(name)}`, `/v1/batches/${name}`, `/v1/${name}/cancel`])
        await (await get(path)).text();
      expect(projects()).toEqual([project, project, project]);
    }
  });
});

describe('a store', () => {
  it('is searched, filled and deleted with the keys of its project, and then forgotten', async () => {
    let count = 0;
    answers['POST /google/v1beta/models/m:createStore'] = () => `{"name":"fileSearchStores/mine-${++count}"}`;
    const made = await begin('/v1beta/models/m:createStore', {});
    const [store = ''] = [...made].find(([, project]) => project === 'two') ?? [];
    const use = async (method: string, path: string, body?: object): Promise<void> => {
      answers[`${method} /google${path}`] ??= () => '{}';
      const payload = body === undefined ? null : JSON.stringify(body);
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(node.url + path, { method, headers, body: payload });
      expect([path, response.status, await response.text()]).toEqual([path, 200, expect.any(String)]);
    };
    const search = '/v1beta/models/gemini-2.5-flash:generateContent';
    answers[`POST /google${search}`] = () =>
      '{"candidates":[{"content":{"parts":[{"text":"found"}]},"finishReason":"STOP"}]}';
    answers[`POST /google/upload/v1beta/${store}:uploadToFileSearchStore`] = () =>
      `{"name":"${store}/upload/operations/u"}`;
    answers[`DELETE /google/v1beta/${store}`] = () => `{"id":"${store}","deleted":true}`;
    await use('POST', `/upload/v1beta/${store}:uploadToFileSearchStore`, {});
    await use('GET', `/v1beta/${store}/upload/operations/u`);
    await use('DELETE', `/v1beta/${store}/documents/d`);
    const tools = [{ fileSearch: { fileSearchStoreNames: [store] } }];
    for (let i = 0; i < 3; i++) await use('POST', search, { tools, contents: [{ parts: [{ text: 'x' }] }] });
    await use('DELETE', `/v1beta/${store}`);
    expect(projects()).toEqual(Array.from({ length: 7 }, () => 'two'));
    await use('GET', `/v1beta/${store}`);
    expect(projects().at(-1)).toBe('one');
  });
});

describe('answers that are listened to', () => {
  it('come through whole, however long and whatever they are', async () => {
    const long = JSON.stringify({ name: 'files/long', text: 'x'.repeat(3 * 1024 * 1024) });
    const odd = ' {"name" : "files\\/odd", "n":1.0e2}\n\n';
    answers['POST /google/v1beta/long'] = () => long;
    answers['POST /google/v1beta/odd'] = () => odd;
    answers['POST /google/v1beta/page'] = () => ({ body: '<p>"files/page"', type: 'text/html' });
    expect(await (await post('/v1beta/long', {})).text()).toBe(long);
    expect(await (await post('/v1beta/odd', {})).text()).toBe(odd);
    expect(await (await post('/v1beta/page', {})).text()).toBe('<p>"files/page"');
  });

  it('are not asked for compressed, as all others are where the client takes them', async () => {
    answers['POST /google/v1beta/things'] = () => '{"name":"things/t"}';
    await (await post('/v1beta/things', {})).text();
    await (await get('/v1beta/things/t')).text();
    await (await get('/v1beta/things/t:download')).text();
    await (await get('/v1beta/things')).text();
    expect(keeper.calls.map(({ acceptsCompressed }) => acceptsCompressed)).toEqual([false, false, true, true]);
  });
});
