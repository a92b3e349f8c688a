import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stage, setStage } from '../support/boot.js';
import { CLIENTS } from './drivers/all-drivers.js';
import { type Client, type ClientDriver, EMBEDDING_MODEL, MODEL } from './drivers/client-driver.js';
import { genai } from './drivers/genai.driver.js';
import { openai } from './drivers/openai.driver.js';

const counting = CLIENTS.filter((driver) => 'countTokens' in unconnected(driver));
const listing = CLIENTS.filter((driver) => 'listModels' in unconnected(driver));

/** A client that shows what its package offers. */
function unconnected(driver: ClientDriver): Client {
  return driver.connect({ url: 'http://localhost', key: 'no key' });
}

// Compression has to survive where the node passes answers on, and to be undone or avoided where it reads them.
const COMPRESSION = [{ gzip: false }, { gzip: true }];

describe.each(COMPRESSION)('with an upstream whose gzip is $gzip', ({ gzip }) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage({}, { gzip });
  });
  afterAll(() => stage.close());

  const direct = (driver: ClientDriver): Client =>
    driver.connect({ url: stage.simulator.url + driver.path.gemini, key: 'good-key' });
  const through = (driver: ClientDriver): Client =>
    driver.connect({ url: stage.node.url + driver.path.node, key: 'good-key' });

  it.each(CLIENTS)('$name gets the same embeddings', async (driver) => {
    const texts = ['a river', 'ein Fluss', '川 🌊'];
    const vectors = await through(driver).embed(texts);
    expect(vectors).toHaveLength(3);
    expect(vectors.every((vector) => vector.length >= 16)).toBe(true);
    expect(vectors).toEqual(await direct(driver).embed(texts));
  });

  it.each(counting)('$name counts the same tokens', async (driver) => {
    expect(await through(driver).countTokens?.('12345678')).toBe(2);
    expect(await direct(driver).countTokens?.('12345678')).toBe(2);
  });

  it.each(listing)('$name lists the same models, in the same order', async (driver) => {
    const names = await through(driver).listModels?.();
    expect(names).toContain(`models/${MODEL}`);
    expect(names).toEqual(await direct(driver).listModels?.());
  });

  it('pages through the models as asked', async () => {
    const sizes = async (url: string): Promise<number[]> => {
      const pager = await genai({ url, key: 'good-key' }).models.list({ config: { pageSize: 8 } });
      const lengths = [pager.page.length];
      while (pager.hasNextPage()) lengths.push((await pager.nextPage()).length);
      return lengths;
    };
    const pages = await sizes(stage.node.url);
    expect(pages.length).toBeGreaterThan(2);
    expect(pages[0]).toBe(8);
    expect(pages).toEqual(await sizes(stage.simulator.url));
  });

  it('tells one model as Gemini does, in either dialect', async () => {
    const native = (url: string) => genai({ url, key: 'good-key' }).models.get({ model: MODEL });
    expect((await native(stage.node.url)).inputTokenLimit).toBe((await native(stage.simulator.url)).inputTokenLimit);
    const own = (url: string) => openai({ url, key: 'good-key' }).models.retrieve(`models/${MODEL}`);
    expect(await own(`${stage.node.url}/v1`)).toEqual(await own(`${stage.simulator.url}/v1beta/openai/`));
    const bare = await openai({ url: `${stage.node.url}/v1`, key: 'good-key' }).models.retrieve(MODEL);
    expect(bare.id).toBe(`models/${MODEL}`);
  });

  it('embeds one text by embedContent', async () => {
    const request = { content: { parts: [{ text: 'one' }] }, outputDimensionality: 8 };
    const embed = async (url: string): Promise<unknown> => {
      const response = await fetch(`${url}/v1beta/models/${EMBEDDING_MODEL}:embedContent`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-goog-api-key': 'good-key' },
        body: JSON.stringify(request),
      });
      return response.json();
    };
    const answer = await embed(stage.node.url);
    expect(answer).toMatchObject({ embedding: { values: expect.any(Array) as unknown } });
    expect(answer).toEqual(await embed(stage.simulator.url));
  });
});
