import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootNode, type Stage } from './support/boot.js';

let stage: Pick<Stage, 'node'>;
let url: string;
beforeAll(async () => {
  stage = await bootNode({ RATE_LIMIT_REQUESTS: '100000' });
  url = stage.node.url;
});
afterAll(() => stage.node.drain());

type Headers = Record<string, string>;
const put = (key: string, value: string, headers: Headers = {}): Promise<Response> =>
  fetch(`${url}/memory`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ key, value }),
  });
const at = (method: string, key: string, headers: Headers = {}): Promise<Response> =>
  fetch(`${url}/memory/${key}`, { method, headers });
const tagOf = (response: Response): string => response.headers.get('etag') ?? 'none';
const valueOf = async (response: Response): Promise<string> => ((await response.json()) as { value: string }).value;

describe('the ETag of an item', () => {
  it('is strong, the same for writer and reader, and another after each write', async () => {
    const written = tagOf(await put('tag', 'a'));
    expect(written).toMatch(/^"\d+"$/);
    for (const method of ['GET', 'HEAD']) expect(tagOf(await at(method, 'tag'))).toBe(written);
    expect(tagOf(await fetch(`${url}/memory?item=tag`))).toBe(written);
    expect(tagOf(await put('tag', 'a'))).not.toBe(written);
  });

  it('does not come back when an item is deleted and made anew', async () => {
    const tags = new Set<string>();
    for (let n = 0; n < 5; n++) {
      tags.add(tagOf(await put('again', 'the same')));
      await at('DELETE', 'again');
    }
    expect(tags.size).toBe(5);
  });

  it('spares a reader what it has', async () => {
    const tag = tagOf(await put('known', 'a'));
    for (const method of ['GET', 'HEAD']) {
      for (const known of [tag, `"0", W/${tag}`, '*']) {
        const response = await at(method, 'known', { 'if-none-match': known });
        expect([response.status, await response.text(), tagOf(response)]).toEqual([304, '', tag]);
        expect(response.headers.get('ratelimit')).not.toBeNull();
      }
      expect((await at(method, 'known', { 'if-none-match': '"0"' })).status).toBe(200);
    }
    expect((await at('GET', 'not-there', { 'if-none-match': '*' })).status).toBe(404);
  });
});

describe('a conditional write', () => {
  it('is made when the item is as expected, and told the present ETag when it is not', async () => {
    const first = tagOf(await put('guarded', 'a'));
    const second = await put('guarded', 'b', { 'if-match': `"0", ${first}` });
    expect(second.status).toBe(200);
    for (const refused of [
      await put('guarded', 'c', { 'if-match': first }),
      await put('guarded', 'c', { 'if-match': `W/${tagOf(second)}` }),
      await put('guarded', 'c', { 'if-none-match': '*' }),
      await at('DELETE', 'guarded', { 'if-match': first }),
      await at('GET', 'guarded', { 'if-match': first }),
    ]) {
      expect([refused.status, tagOf(refused)]).toEqual([412, tagOf(second)]);
      expect(refused.headers.get('content-type')).toBe('application/problem+json');
      expect(refused.headers.get('ratelimit')).not.toBeNull();
      expect(await refused.json()).toMatchObject({ code: 'PRECONDITION_FAILED', status: 412 });
    }
    expect(await valueOf(await at('GET', 'guarded'))).toBe('b');
    expect((await put('guarded', 'c', { 'if-match': '*' })).status).toBe(200);
    expect((await at('DELETE', 'guarded', { 'if-match': '*' })).status).toBe(200);
  });

  it('can make sure that there was nothing, or something', async () => {
    const absent = await put('new', 'a', { 'if-match': '*' });
    expect([absent.status, tagOf(absent)]).toEqual([412, 'none']);
    expect((await put('new', 'a', { 'if-match': '"1"' })).status).toBe(412);
    expect((await at('DELETE', 'new', { 'if-match': '*' })).status).toBe(404);
    expect((await put('new', 'a', { 'if-none-match': '*' })).status).toBe(200);
    expect((await put('new', 'b', { 'if-none-match': '*' })).status).toBe(412);
  });

  it.each([
    ['If-Match', '12'],
    ['If-Match', '"12'],
    ['If-None-Match', '"12"'],
    ['If-None-Match', 'x'.repeat(2000)],
  ])('that cannot be followed is refused by the name of %s', async (name, value) => {
    const response = await put('refused', 'a', { [name]: value });
    expect(response.status).toBe(400);
    const { detail, code } = (await response.json()) as { detail: string; code: string };
    expect([code, detail.startsWith(name), detail.length < 200]).toEqual(['BAD_REQUEST', true, true]);
    expect((await at('GET', 'refused')).status).toBe(404);
  });

  it('loses nothing of fifty who read, add and write back at once', async () => {
    await put('counter', '0');
    let refusals = 0;
    const increment = async (): Promise<void> => {
      for (;;) {
        const read = await at('GET', 'counter');
        const next = String(Number(await valueOf(read)) + 1);
        const { status } = await put('counter', next, { 'if-match': tagOf(read) });
        if (status === 200) return;
        expect(status).toBe(412);
        refusals++;
      }
    };
    await Promise.all(Array.from({ length: 50 }, increment));
    expect(await valueOf(await at('GET', 'counter'))).toBe('50');
    expect(refusals).toBeGreaterThan(0);
  });

  it('lets one of fifty who create at once have it', async () => {
    const made = await Promise.all(
      Array.from({ length: 50 }, (_, n) => put('created', String(n), { 'if-none-match': '*' })),
    );
    const winners = made.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    expect(tagOf(await at('GET', 'created'))).toBe(tagOf(winners[0] as Response));
  });
});
