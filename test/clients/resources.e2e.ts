import { GoogleAIFileManager } from '@google/generative-ai/server';
import { type GoogleGenAI } from '@google/genai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RequestRecord } from '../../src/simulator/index.js';
import { type Stage, setStage } from '../support/boot.js';
import { MODEL } from './drivers/client-driver.js';
import { genai } from './drivers/genai.driver.js';
import { cameThroughNode, requestsWith } from './journal-reading.js';

/** The package cuts an upload into pieces of this size, bytes. */
const UPLOAD_PIECE = 8 * 1024 * 1024;

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

const through = (key: string): GoogleGenAI => genai({ url: stage.node.url, key });

/** Paths and bytes of what Gemini got, all of which came through the node. */
function arrived(records: readonly RequestRecord[]): readonly (readonly [string, string, number])[] {
  expect(records.filter((record) => !cameThroughNode(record))).toEqual([]);
  return records.map(({ verb, path, bodyBytes }) => [verb, path.split('?')[0] ?? '', bodyBytes]);
}

describe('files of @google/genai', () => {
  it('go through the node in both phases', async () => {
    const content = new Uint8Array(UPLOAD_PIECE + 1000).fill(7);
    const file = await through('upload-key').files.upload({
      file: new Blob([content]),
      config: { mimeType: 'application/octet-stream', displayName: 'sevens' },
    });
    expect(file).toMatchObject({ sizeBytes: String(content.length), state: 'ACTIVE', displayName: 'sevens' });
    const uploads = stage.simulator.journal.records.filter(({ path }) => path.startsWith('/upload/'));
    expect(arrived(uploads)).toEqual([
      ['POST', '/upload/v1beta/files', expect.any(Number)],
      ['POST', '/upload/v1beta/files', UPLOAD_PIECE],
      ['POST', '/upload/v1beta/files', 1000],
    ]);
    const twin = await genai({ url: stage.simulator.url, key: 'other' }).files.upload({
      file: new Blob([content]),
      config: { mimeType: 'application/octet-stream' },
    });
    expect(file.sha256Hash).toBe(twin.sha256Hash);
  });

  it('can be read, listed and deleted', async () => {
    const { files } = through('files-key');
    const { name = '', uri } = await files.upload({ file: new Blob(['hello']), config: { mimeType: 'text/plain' } });
    expect((await files.get({ name })).uri).toBe(uri);
    const names: unknown[] = [];
    for await (const file of await files.list()) names.push(file.name);
    expect(names).toContain(name);
    await files.delete({ name });
    await expect(files.get({ name })).rejects.toMatchObject({ status: 403 });
  });
});

describe('files of @google/generative-ai', () => {
  it('go through the node in one request of several parts', async () => {
    const manager = new GoogleAIFileManager('multipart-key', { baseUrl: stage.node.url });
    const content = Buffer.from('bytes\r\n--and\u0000more 漢字');
    const { file } = await manager.uploadFile(content, { mimeType: 'text/plain', displayName: 'parts' });
    expect(file).toMatchObject({ displayName: 'parts', mimeType: 'text/plain', sizeBytes: String(content.length) });
    expect((await manager.getFile(file.name)).sha256Hash).toBe(file.sha256Hash);
    await manager.deleteFile(file.name);
    expect(arrived(requestsWith(stage.simulator, 'multipart-key')).map(([verb, path]) => [verb, path])).toEqual([
      ['POST', '/upload/v1beta/files'],
      ['GET', `/v1beta/${file.name}`],
      ['DELETE', `/v1beta/${file.name}`],
    ]);
  });
});

describe('cached contents of @google/genai', () => {
  it('can be made, used, listed, kept longer and deleted', async () => {
    const { caches, models } = through('cache-key');
    const { name = '' } = await caches.create({ model: MODEL, config: { contents: 'x'.repeat(4000), ttl: '60s' } });
    const used = await models.generateContent({ model: MODEL, contents: 'hi', config: { cachedContent: name } });
    expect(used.usageMetadata?.cachedContentTokenCount).toBe(1000);
    const names: unknown[] = [];
    for await (const cache of await caches.list()) names.push(cache.name);
    expect(names).toEqual([name]);
    const before = Date.parse((await caches.get({ name })).expireTime ?? '');
    const kept = await caches.update({ name, config: { ttl: '600s' } });
    expect(Date.parse(kept.expireTime ?? '')).toBeGreaterThan(before);
    await caches.delete({ name });
    await expect(caches.get({ name })).rejects.toMatchObject({ status: 403 });
    expect(arrived(requestsWith(stage.simulator, 'cache-key'))).toHaveLength(7);
  });
});

describe('interactions of @google/genai', () => {
  it('are answered in one piece and streamed with their named events, each going on from the one before', async () => {
    const { interactions } = through('interaction-key');
    const first = await interactions.create({ model: MODEL, input: 'Hello' });
    const stream = await interactions.create({
      model: MODEL,
      input: 'And more',
      previous_interaction_id: first.id,
      stream: true,
    });
    const types: string[] = [];
    let text = '';
    for await (const event of stream) {
      types.push(event.event_type);
      if (event.event_type === 'step.delta' && event.delta.type === 'text') text += event.delta.text;
    }
    expect(first.status).toBe('completed');
    expect(text).toContain('turn 2');
    expect(types.filter((type) => type === 'step.delta').length).toBeGreaterThan(1);
    expect(types).toEqual(
      expect.arrayContaining(['interaction.created', 'step.start', 'step.stop', 'interaction.completed']),
    );
    expect(arrived(requestsWith(stage.simulator, 'interaction-key'))).toHaveLength(2);
  });
});
