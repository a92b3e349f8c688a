import { describe, expect, it } from 'vitest';
import {
  collectionOf,
  nameInBody,
  namesInAnswer,
  namesInPath,
  previousInteraction,
  uploadIn,
} from './resource-name.js';

describe('names in paths', () => {
  it.each([
    ['/v1beta/files/abc', ['files/abc']],
    ['/v1beta/files/abc:download?alt=media', ['files/abc']],
    ['/download/v1beta/files/abc:download?alt=media', ['files/abc']],
    ['/v1/cachedContents/a-b_c.d', ['cachedContents/a-b_c.d']],
    ['/v1beta/files%2Fabc%3Adownload', ['files/abc']],
    ['/v1beta/tunedModels/a/operations/b', ['tunedModels/a/operations/b', 'tunedModels/a/operations', 'tunedModels/a']],
    ['/v1beta/interactions/i/cancel', ['interactions/i/cancel', 'interactions/i']],
    ['/upload/v1beta/fileSearchStores/s:uploadToFileSearchStore', ['fileSearchStores/s']],
    ['/v1beta/openai/batches/batches%2Fabc', ['batches/abc']],
    ['/v1beta/openai/batches/batches/abc', ['batches/abc']],
    ['/v1beta/openai/batches/abc/cancel', ['batches/abc/cancel', 'batches/abc']],
    ['/v1beta/files', []],
    ['/v1beta/files?pageSize=3', []],
    ['/v1beta/%ff%fe/x', ['%ff%fe/x']],
    ['/elsewhere/files/abc', []],
  ])('%s', (target, names) => {
    expect(namesInPath(target)).toEqual(names);
  });

  it('are few, however long the path is', () => {
    expect(namesInPath(`/v1beta${'/a'.repeat(10_000)}`)).toHaveLength(7);
  });

  it('of an upload is by its id alone, the same wherever it stands', () => {
    const id = `${'A'.repeat(120)}${'z9-_'.repeat(16)}`;
    const [name] = namesInPath(`/upload/v1beta/files?upload_id=${id}&upload_protocol=resumable`);
    expect(name).toBe(`uploads/${'z9-_'.repeat(16)}`);
    expect(uploadIn(`https://google.example/upload/v1beta/files?x=1&upload_id=${id}`)).toBe(name);
    expect(uploadIn('https://google.example/upload/v1beta/files')).toBeUndefined();
  });
});

describe('the collection of a path', () => {
  it('is its first word, bounded', () => {
    expect(collectionOf('/v1beta/interactions?x=/y')).toBe('interactions');
    expect(collectionOf('/upload/v1beta/files?upload_id=1')).toBe('files');
    expect(collectionOf('/v1beta/files:register')).toBe('files');
    expect(collectionOf(`/v1beta/${'x'.repeat(1_000)}`)).toHaveLength(64);
    expect(collectionOf('/')).toBe('');
  });
});

describe('names in bodies', () => {
  const find = (text: string, ...known: string[]): string | undefined =>
    nameInBody(Buffer.from(text), (name) => known.includes(name));

  it.each([
    ['{"fileData":{"fileUri":"https://google.example/v1beta/files/abc"}}', 'files/abc'],
    ['{"file_data":{"file_uri":"https:\\/\\/google.example\\/v1beta\\/files\\/abc","mime_type":"x"}}', 'files/abc'],
    ['{"cachedContent":"cachedContents/xyz"}', 'cachedContents/xyz'],
    ['{"cached_content" : "cachedContents\\/xyz"}', 'cachedContents/xyz'],
    ['{"type":"image_url","image_url":{"url":"http://node/v1beta/files/abc"}}', 'files/abc'],
    ['{"fileSearch":{"fileSearchStoreNames":["fileSearchStores/mine-1"]}}', 'fileSearchStores/mine-1'],
    ['{"batch":{"inputConfig":{"fileName":"files/abc"}}}', 'files/abc'],
  ])('%s', (body, name) => {
    expect(find(body, name)).toBe(name);
    expect(find(body, `${name}d`, name.slice(0, -1), 'files/', 's/abc')).toBeUndefined();
  });

  it('are the known ones, the first of them', () => {
    const body = '{"a":"files/one","b":"files/two","c":"files/three"}';
    expect(find(body, 'files/three', 'files/two')).toBe('files/two');
  });

  it('are whole values: what is said of a file in the middle of a text is none', () => {
    expect(find('{"text":"see files/abc, and \\"files/abc\\" too"}', 'files/abc')).toBeUndefined();
    expect(find('{"text":"my_files/abc"}', 'files/abc')).toBeUndefined();
    expect(find('{"text":"files/abc', 'files/abc')).toBeUndefined();
    expect(find('s/"', 's/')).toBeUndefined();
  });

  it('are found behind a picture, and looked for no longer than a body can be worth', () => {
    const named = '"fileUri":"http://x/files/abc"}';
    expect(find(`{"data":"${'A/s/'.repeat(2_000_000)}",${named}`, 'files/abc')).toBe('files/abc');
    expect(find(`[${'"files/other",'.repeat(9_000)}${named}`, 'files/abc')).toBe('files/abc');
    expect(find(`[${'"files/other",'.repeat(11_000)}${named}`, 'files/abc')).toBeUndefined();
    expect(find(`[${'"",'.repeat(600_000)}${named}`, 'files/abc')).toBeUndefined();
  });

  it.each(['s/', 'sss', 'files/abc', '""', 's/a"', 'aaaa"'])('take no long time in a body of %s', (piece) => {
    const body = Buffer.from(piece.repeat(Math.ceil((8 * 1024 * 1024) / piece.length)));
    const began = performance.now();
    expect(nameInBody(body, () => false)).toBeUndefined();
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('tell which interaction is gone on from', () => {
    expect(previousInteraction(Buffer.from('{"input":"x","previous_interaction_id":"v1_a="}'))).toBe(
      'interactions/v1_a=',
    );
    expect(previousInteraction(Buffer.from('{"input":{"previous_interaction_id":"v1_a"}}'))).toBeUndefined();
    expect(previousInteraction(Buffer.from('{"previous_interaction_id":7}'))).toBeUndefined();
    expect(previousInteraction(Buffer.from('no json'))).toBeUndefined();
  });
});

describe('names in answers', () => {
  it.each<[string, string, unknown, string[]]>([
    [
      'a file',
      '/upload/v1beta/files?upload_id=1',
      { file: { name: 'files/abc', mimeType: 'text/plain', uri: 'https://google.example/v1beta/files/abc' } },
      ['files/abc'],
    ],
    [
      'a cached content, whose model is everybody’s',
      '/v1beta/cachedContents',
      { name: 'cachedContents/x', model: 'models/gemini-2.5-flash' },
      ['cachedContents/x'],
    ],
    [
      'an operation and what it makes',
      '/v1beta/tunedModels',
      { name: 'tunedModels/t/operations/o', metadata: { tunedModel: 'tunedModels/t' } },
      ['tunedModels/t/operations/o', 'tunedModels/t'],
    ],
    [
      'a batch and its file of answers',
      '/v1beta/batches/b',
      { name: 'batches/b', metadata: { output: { responsesFile: 'files/batch-b' } } },
      ['batches/b', 'files/batch-b'],
    ],
    [
      'a video, by the address to fetch it from, under whatever prefix',
      '/v1beta/models/veo/operations/o',
      {
        name: 'models/veo/operations/o',
        response: { videos: [{ video: { uri: 'http://proxy/google/v1beta/files/v:download?alt=media' } }] },
      },
      ['models/veo/operations/o', 'files/v'],
    ],
    ['an interaction', '/v1beta/interactions', { id: 'v1_abc=', status: 'completed' }, ['interactions/v1_abc=']],
    [
      'an interaction that begins',
      '/v1beta/interactions',
      { event_type: 'x', interaction: { id: 'i1' } },
      ['interactions/i1'],
    ],
    ['a batch of the OpenAI surface', '/v1beta/openai/batches', { id: 'batches/b', object: 'batch' }, ['batches/b']],
    [
      'nothing in what a model says',
      '/v1beta/interactions/i1',
      { steps: [{ text: 'files/abc' }, { arguments: { path: 'tests/a' } }], docs: 'https://docs.example/files/abc' },
      [],
    ],
    ['nothing in vectors', '/v1beta/models/m:embedContent', { embedding: { values: [1, 2] } }, []],
    ['nothing in no object', '/v1beta/files', ['x', null], []],
  ])('are those of %s', (_what, target, answer, names) => {
    expect(namesInAnswer(answer, target)).toEqual(names);
  });

  it('are few and near the top, whatever comes', () => {
    const many = { items: Array.from({ length: 1_000 }, (_, index) => `files/${index}`) };
    expect(namesInAnswer(many, '/v1beta/files')).toHaveLength(50);
    const deep = JSON.parse(`${'{"a":'.repeat(5_000)}"files/x"${'}'.repeat(5_000)}`) as unknown;
    expect(namesInAnswer(deep, '/v1beta/files')).toEqual([]);
  });
});
