import { GoogleAIFileManager } from '@google/generative-ai/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { away, GENERATE, TwoProjects } from './support/two-projects.js';

const MODEL = 'gemini-2.5-flash';

let two: TwoProjects;
beforeAll(async () => {
  two = await TwoProjects.set();
});
afterAll(() => two.stage.close());

const upload = (text: string): ReturnType<typeof two.ai.files.upload> =>
  two.ai.files.upload({ file: new Blob([text]), config: { mimeType: 'text/plain' } });

const about = (uri = ''): object => ({ contents: [{ parts: [{ fileData: { fileUri: uri } }, { text: 'hm?' }] }] });

describe('a file', () => {
  it('is uploaded in both phases, read, used and deleted with the keys of its project', async () => {
    const { name = '', uri = '' } = await two.madeAway(() => upload('hello'));
    expect((await two.ai.files.get({ name })).uri).toBe(uri);
    const contents = [{ role: 'user', parts: [{ fileData: { fileUri: uri, mimeType: 'text/plain' } }] }];
    for (let i = 0; i < 4; i++) {
      expect((await two.ai.models.generateContent({ model: MODEL, contents })).text).toContain('simulated');
      let text = '';
      for await (const chunk of await two.ai.models.generateContentStream({ model: MODEL, contents }))
        text += chunk.text ?? '';
      expect(text).toContain('simulated');
      expect((await two.ai.models.countTokens({ model: MODEL, contents })).totalTokens).toBeGreaterThan(0);
    }
    await two.ai.files.delete({ name });
    expect(new Set(two.asked())).toEqual(new Set(['away']));
    expect(two.stage.simulator.journal.counts.received).toBe(14);
    // It is gone, and what is not known goes home.
    await expect(two.ai.files.get({ name })).rejects.toMatchObject({ status: 403 });
    expect(two.asked().at(-1)).toBe('home');
  });

  it('goes where its upload began, however late and in however many pieces', async () => {
    const resumable = { 'x-goog-upload-protocol': 'resumable', 'x-goog-upload-command': 'start' };
    const begun = await two.madeAway(() =>
      two.call('/upload/v1beta/files', { method: 'POST', headers: resumable, body: '{"file":{}}' }),
    );
    const url = begun.headers.get('x-goog-upload-url') ?? '';
    expect(url.startsWith(two.stage.node.url)).toBe(true);
    const send = (offset: number, command: string, body: string): Promise<Response> =>
      fetch(url, {
        method: offset === 0 ? 'PUT' : 'POST',
        headers: { 'x-goog-upload-offset': String(offset), 'x-goog-upload-command': command },
        body,
      });
    expect((await send(0, 'upload', 'one ')).headers.get('x-goog-upload-status')).toBe('active');
    const done = await send(4, 'upload, finalize', 'two');
    const { file } = (await done.json()) as { file: { name: string; sizeBytes: string } };
    expect(file.sizeBytes).toBe('7');
    expect((await two.call(`/v1beta/${file.name}`)).status).toBe(200);
    expect(two.asked()).toEqual(['away', 'away', 'away']);
  });

  it('may come in one request of several parts', async () => {
    const manager = new GoogleAIFileManager('any', { baseUrl: two.stage.node.url });
    const { file } = await two.madeAway(() => manager.uploadFile(Buffer.from('parts'), { mimeType: 'text/plain' }));
    expect((await manager.getFile(file.name)).name).toBe(file.name);
    await manager.deleteFile(file.name);
    expect(two.asked()).toEqual(['away', 'away']);
  });

  it('is found in every dialect and spelling', async () => {
    const { name = '', uri = '' } = await two.madeAway(() => upload('hello'));
    const spellings = [
      [GENERATE, JSON.stringify(about(uri)).replaceAll('/', '\\/')],
      [GENERATE, JSON.stringify(about(uri)).replace('fileData', 'file_data').replace('fileUri', 'file_uri')],
      [
        '/v1/chat/completions',
        { model: MODEL, messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: uri } }] }] },
      ],
      ['/v1beta/interactions', { model: MODEL, input: [{ type: 'document', uri }] }],
    ] as const;
    for (const [path, body] of spellings)
      for (let i = 0; i < 3; i++) expect([path, (await two.post(path, body)).status]).toEqual([path, 200]);
    expect((await two.call(`/v1beta/${name.replace('/', '%2F')}`)).status).toBe(404);
    expect(two.asked()).toEqual(away(13));
  });

  it('shares its project with the next one, so that a prompt can name both', async () => {
    const files = [];
    for (const text of ['one', 'two', 'three']) {
      files.push(await upload(text));
      // Load that would have moved a choice by load alone.
      expect((await two.ai.models.generateContent({ model: MODEL, contents: 'Hello' })).text).toContain('simulated');
    }
    const parts = files.map(({ uri = '' }) => ({ fileData: { fileUri: uri, mimeType: 'text/plain' } }));
    for (let i = 0; i < 3; i++) {
      const used = await two.ai.models.generateContent({ model: MODEL, contents: [{ role: 'user', parts }] });
      expect(used.text).toContain('simulated');
    }
    const listed: unknown[] = [];
    for await (const { name } of await two.ai.files.list({ config: { pageSize: 1 } })) listed.push(name);
    expect(listed).toEqual(expect.arrayContaining(files.map(({ name }) => name)));
  });
});

describe('a cached content', () => {
  it('is made where its file is, and used, kept and deleted there', async () => {
    const { uri = '' } = await two.madeAway(() => upload('hello'));
    const contents = [{ role: 'user', parts: [{ fileData: { fileUri: uri, mimeType: 'text/plain' } }] }];
    const { name = '' } = await two.ai.caches.create({ model: MODEL, config: { contents, ttl: '60s' } });
    for (let i = 0; i < 3; i++) {
      const used = await two.ai.models.generateContent({
        model: MODEL,
        contents: 'hi',
        config: { cachedContent: name },
      });
      expect(used.usageMetadata?.cachedContentTokenCount).toBeGreaterThan(0);
    }
    await two.ai.caches.get({ name });
    await two.ai.caches.update({ name, config: { ttl: '600s' } });
    await two.ai.caches.delete({ name });
    expect(two.asked()).toEqual(away(7));
  });

  it('is asked for in the bytes the client sent, read first or not, and whatever their size', async () => {
    const { uri = '' } = await two.madeAway(() => upload('hello'));
    const body = `{ "model" : "models/${MODEL}",\n${JSON.stringify(about(uri)).slice(1)}`;
    const large = JSON.stringify({ model: `models/${MODEL}`, contents: [{ parts: [{ text: 'x'.repeat(2 ** 20) }] }] });
    for (const [text, project] of [
      [body, 'away'],
      // Beyond the limit on what is read first it is passed through unread.
      [large, 'home'],
    ] as const) {
      two.bodies.length = 0;
      expect((await two.post('/v1beta/cachedContents', text)).status).toBe(200);
      expect(two.bodies).toEqual([text]);
      expect(two.asked().at(-1)).toBe(project);
    }
  });
});
