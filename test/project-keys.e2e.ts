import { GoogleGenAI } from '@google/genai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootNode } from './support/boot.js';
import { away, BAD_KEY, GENERATE, TwoProjects } from './support/two-projects.js';

const MODEL = 'gemini-2.5-flash';

let two: TwoProjects;
beforeAll(async () => {
  two = await TwoProjects.set();
});
afterAll(() => two.stage.close());

const upload = (text: string): ReturnType<typeof two.ai.files.upload> =>
  two.ai.files.upload({ file: new Blob([text]), config: { mimeType: 'text/plain' } });

const about = (uri = ''): object => ({ contents: [{ parts: [{ fileData: { fileUri: uri } }, { text: 'hm?' }] }] });

describe('an interaction', () => {
  it('goes on where the one before it is, in one piece or streamed', async () => {
    const ask = (input: string, previous?: string, stream = false): Promise<Response> =>
      two.post('/v1beta/interactions', {
        model: MODEL,
        input,
        stream,
        ...(previous && { previous_interaction_id: previous }),
      });
    const first = (await (await two.madeAway(() => ask('Hello'))).json()) as { id: string };
    const streamed = await ask('More', first.id, true);
    const second = /"interaction":\{"id":"([^"]+)"/.exec(await streamed.text())?.[1] ?? '';
    expect((await ask('Even more', second)).status).toBe(200);
    expect((await two.call(`/v1beta/interactions/${second}`)).status).toBe(200);
    expect((await two.call(`/v1beta/interactions/${second}/cancel`, { method: 'POST' })).status).toBe(200);
    expect((await two.call(`/v1beta/interactions/${first.id}`, { method: 'DELETE' })).status).toBe(200);
    expect(two.asked()).toEqual(away(5));
  });

  it('begins elsewhere while the quota at home is used up', async () => {
    const ask = (): Promise<Response> => two.post('/v1beta/interactions', { model: MODEL, input: 'Hello' });
    two.fault('home-*', { quota: 'PerMinute', retryDelay: '30s' });
    two.stage.simulator.journal.clear();
    expect((await ask()).status).toBe(429);
    expect((await ask()).status).toBe(200);
    two.stage.simulator.faults.clear();
    expect((await two.call('/v1beta/files')).status).toBe(200);
    expect(two.asked()).toEqual(['home', 'away', 'home']);
    await two.readmit();
  });
});

describe('keys', () => {
  it('that are bad are avoided by what passes through, and found out by it', async () => {
    two.fault('home-key-0001', BAD_KEY);
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push((await two.call('/v1beta/files')).status);
    expect(statuses.filter((status) => status === 400)).toHaveLength(1);
    await two.readmit();
  });

  it('of another project do not help a resource whose own key is bad or rests', async () => {
    const { name = '', uri = '' } = await two.madeAway(() => upload('hello'));
    two.fault('away-*', BAD_KEY);
    for (let i = 0; i < 2; i++) {
      const read = await two.call(`/v1beta/${name}`);
      expect([read.status, JSON.stringify(await read.json())]).toEqual([
        400,
        expect.stringContaining('API key not valid'),
      ]);
      expect((await two.post(GENERATE, about(uri))).status).toBe(400);
    }
    await two.readmit();
    two.fault('away-*', { quota: 'PerDay', message: 'Used up for today.' });
    const spent = await two.post(GENERATE, about(uri));
    expect([spent.status, await spent.text()]).toEqual([429, expect.stringContaining('Used up for today.')]);
    const resting = await two.post(GENERATE, about(uri));
    expect(resting.status).toBe(429);
    expect(Number(resting.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(new Set(two.asked())).toEqual(new Set(['away']));
    await two.readmit();
  });
});

describe('the built-in simulator', () => {
  it('knows which of the node’s keys share a project', async () => {
    const { node } = await bootNode({ GEMINI_UPSTREAM: 'simulator', GEMINI_API_KEY: 'p:one-key-0001,p:two-key-0002' });
    const { files } = new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: node.url } });
    const { name = '' } = await files.upload({ file: new Blob(['x']), config: { mimeType: 'text/plain' } });
    for (let i = 0; i < 4; i++) expect((await files.get({ name })).name).toBe(name);
    await node.drain();
  });
});
