import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningNode } from '../src/start-node.js';
import { bootNode } from './support/boot.js';
import { many } from './support/asking.js';
import { heard, type Heard } from './support/resuming.js';
import { type ScriptedUpstream, startScripted } from './support/scripted-upstream.js';

/** Longer than the least limit there can be. */
const PIECES = many(9, (at) => `${at} `.repeat(5000));
const WHOLE = PIECES.join('');
const said = PIECES.map((text) => ({ candidates: [{ content: { role: 'model', parts: [{ text }] }, index: 0 }] }));
const end = { candidates: [{ finishReason: 'STOP', index: 0 }] };

let upstream: ScriptedUpstream;
let node: RunningNode;
beforeAll(async () => {
  upstream = await startScripted();
  const env = { GEMINI_BASE_URL: upstream.url, ANSWER_BUFFER_LIMIT: '64KiB', DEFAULT_MODEL_FALLBACKS: '' };
  ({ node } = await bootNode({ ...env, GEMINI_UPSTREAM: 'gemini' }));
});
afterAll(async () => {
  await node.drain();
  await upstream.close();
});

async function hear(form: 'gemini-sse' | 'answer' | 'object'): Promise<Heard> {
  const [path, body] =
    form === 'gemini-sse'
      ? ['/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse', { contents: [{ parts: [{ text: 'Hi' }] }] }]
      : ['/api/v6/stream', { message: 'Hi' }];
  const headers = { 'content-type': 'application/json', 'x-goog-api-key': 'kkkkkk' };
  const more = form === 'object' ? { accept: 'application/json' } : {};
  const init = { method: 'POST', headers: { ...headers, ...more }, body: JSON.stringify(body) };
  return heard(form, await fetch(node.url + path, init));
}

it('passes on an answer of any length', async () => {
  upstream.script({ events: [...said, end], then: 'end' });
  expect(await hear('gemini-sse')).toMatchObject({ text: WHOLE, finish: 'STOP', broken: false });
});

it('does not keep more of an answer than it may, so that what breaks behind that ends in an error', async () => {
  upstream.script({ events: said, then: 'cut' });
  expect(await hear('gemini-sse')).toMatchObject({ text: WHOLE, finish: undefined, broken: true });
  expect(upstream.bodies).toHaveLength(1);
});

it('ends an answer of its own endpoint with an error where it is longer than what may be kept, never as if it were whole', async () => {
  upstream.script({ events: [...said, end], then: 'end' });
  const streamed = await hear('answer');
  expect(streamed).toMatchObject({ finish: undefined, broken: true });
  expect(streamed.error).toMatchObject({ code: 'UPSTREAM_BROKEN_ANSWER' });
  expect(await hear('object')).toMatchObject({ status: 502, error: { code: 'UPSTREAM_BROKEN_ANSWER' } });
  expect(upstream.bodies).toHaveLength(2);
});
