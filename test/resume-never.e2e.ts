import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningNode } from '../src/start-node.js';
import { bootNode } from './support/boot.js';
import { heard, type Heard } from './support/resuming.js';
import { type ScriptedUpstream, startScripted } from './support/scripted-upstream.js';

const SAID =
  'The lighthouse keeper counts the ships of the evening, and writes their names into a book that nobody reads.';

let upstream: ScriptedUpstream;
let node: RunningNode;
beforeAll(async () => {
  upstream = await startScripted();
  ({ node } = await bootNode({
    GEMINI_UPSTREAM: 'gemini',
    GEMINI_BASE_URL: upstream.url,
    RETRY_BACKOFF_BASE: '10ms',
    RETRY_BUDGET_FLOOR: '1000',
    CIRCUIT_BREAKER_THRESHOLD: '1000',
  }));
});
beforeEach(async () => {
  await (await fetch(`${node.url}/self/heal`, { method: 'POST' })).text();
});
afterAll(async () => {
  await node.drain();
  await upstream.close();
});

async function hear(form: 'gemini-sse' | 'openai', more: object = {}): Promise<Heard> {
  const [path, body] =
    form === 'openai'
      ? [
          '/v1/chat/completions',
          { model: 'gemini-2.5-flash', stream: true, messages: [{ role: 'user', content: 'Hi' }] },
        ]
      : ['/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse', { contents: [{ parts: [{ text: 'Hi' }] }] }];
  const response = await fetch(node.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer k' },
    body: JSON.stringify({ ...body, ...more }),
  });
  return heard(form, response);
}

const native = (...parts: object[]): object => ({ candidates: [{ content: { role: 'model', parts }, index: 0 }] });
const candidate = (more: object): object => ({
  candidates: [{ content: { role: 'model', parts: [{ text: SAID }] }, index: 0, ...more }],
});
const chat = (delta: object, more: object = {}): object => ({
  id: 'c1',
  model: 'm',
  choices: [{ index: 0, delta: { role: 'assistant', ...delta }, finish_reason: null, ...more }],
});

describe('an answer that broke is not gone on with', () => {
  it.each<[string, 'gemini-sse' | 'openai', object]>([
    ['a call of a function', 'gemini-sse', native({ functionCall: { name: 'pay', args: {} } })],
    ['a call of a function in pieces', 'gemini-sse', native({ functionCall: { name: 'pay', partialArgs: [] } })],
    ['code', 'gemini-sse', native({ executableCode: { language: 'PYTHON', code: '1' } })],
    ['what code gave', 'gemini-sse', native({ codeExecutionResult: { outcome: 'OUTCOME_OK' } })],
    ['an image', 'gemini-sse', native({ inlineData: { mimeType: 'image/png', data: 'AAAA' } })],
    ['a file', 'gemini-sse', native({ fileData: { fileUri: 'files/a' } })],
    ['something unknown', 'gemini-sse', native({ hologram: { depth: 3 } })],
    ['sources', 'gemini-sse', candidate({ groundingMetadata: { webSearchQueries: ['ships'] } })],
    ['probabilities', 'gemini-sse', candidate({ logprobsResult: {} })],
    ['a second candidate', 'gemini-sse', candidate({ index: 1 })],
    [
      'a call on the OpenAI surface',
      'openai',
      chat({ tool_calls: [{ index: 0, id: 'a', function: { name: 'pay' } }] }),
    ],
    ['an old call on the OpenAI surface', 'openai', chat({ function_call: { name: 'pay' } })],
    ['probabilities on the OpenAI surface', 'openai', chat({ content: ' x' }, { logprobs: { content: [] } })],
    ['a second choice on the OpenAI surface', 'openai', chat({ content: ' x' }, { index: 1 })],
  ])('after %s', async (_name, form, event) => {
    const first = form === 'openai' ? chat({ content: SAID }) : native({ text: SAID });
    upstream.script({ events: [first, event], then: 'cut' });
    const got = await hear(form);
    expect(got).toMatchObject({ status: 200, broken: true, finish: undefined });
    expect(got.error).toBeDefined();
    expect(upstream.bodies).toHaveLength(1);
  });

  it('once what was joined on has called a function', async () => {
    const call = { functionCall: { name: 'pay', args: {} } };
    upstream.script(
      { events: [native({ text: SAID })], then: 'cut' },
      { events: [native({ text: SAID.slice(-45) }), native({ text: ' I pay.' }), native(call)], then: 'cut' },
    );
    const got = await hear('gemini-sse');
    expect(got).toMatchObject({ broken: true, text: `${SAID} I pay.` });
    expect(JSON.stringify(got.events).split('functionCall')).toHaveLength(2);
    expect(upstream.bodies).toHaveLength(2);
  });

  it('once what was joined on has called a function on the OpenAI surface', async () => {
    const call = { tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'pay', arguments: '{}' } }] };
    upstream.script(
      { events: [chat({ content: SAID })], then: 'cut' },
      { events: [chat({ content: SAID.slice(-45) }), chat({ content: ' I pay.' }), chat(call)], then: 'cut' },
    );
    const got = await hear('openai');
    expect(got).toMatchObject({ broken: true, text: `${SAID} I pay.` });
    expect(upstream.bodies).toHaveLength(2);
  });

  it.each(['RECITATION', 'SAFETY', 'PROHIBITED_CONTENT'])(
    'where the provider withholds the rest: %s',
    async (reason) => {
      upstream.script(
        { events: [native({ text: SAID })], then: 'cut' },
        { events: [{ candidates: [{ finishReason: reason, index: 0 }] }], then: 'end' },
      );
      expect(await hear('gemini-sse')).toMatchObject({ broken: false, text: SAID, finish: reason, error: undefined });
    },
  );

  it.each<['gemini-sse' | 'openai', object]>([
    ['gemini-sse', { generationConfig: { responseMimeType: 'application/json' } }],
    ['gemini-sse', { generation_config: { response_mime_type: 'application/json' } }],
    ['openai', { response_format: { type: 'json_object' } }],
  ])('where it was to be JSON, and what was joined is none (%s)', async (form, more) => {
    const begun = `{"log": "${SAID}`;
    const [said, ended] =
      form === 'openai'
        ? [(content: string) => chat({ content }), chat({}, { finish_reason: 'stop' })]
        : [(text: string) => native({ text }), { candidates: [{ finishReason: 'STOP' }] }];
    upstream.script(
      { events: [said(begun)], then: 'cut' },
      { events: [said(`${begun.slice(-45)} And so on.`), ended], then: 'end' },
      { events: [said(begun), said('", "log"'), ended], then: 'end' },
    );
    const got = await hear(form, more);
    expect(got).toMatchObject({ broken: true, finish: undefined });
    expect(got.error).toBeDefined();
    expect(got.text.startsWith(begun)).toBe(true);
  });

  it('where the question is blocked the second time, and does not end as if it were whole', async () => {
    upstream.script(
      { events: [native({ text: SAID })], then: 'cut' },
      { events: [{ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }], then: 'end' },
    );
    const got = await hear('gemini-sse');
    expect(got).toMatchObject({ broken: true, text: SAID, finish: undefined });
    expect(got.error).toBeDefined();
    expect(upstream.bodies).toHaveLength(2);
  });
});

describe('an answer that broke behind its last word', () => {
  it('is whole when its token yields nothing more', async () => {
    const token = { candidates: [{ content: { parts: [{ text: SAID }] }, continuationToken: 't1', index: 0 }] };
    const end = { candidates: [{ content: { parts: [{ text: '' }] }, finishReason: 'STOP', index: 0 }] };
    upstream.script({ events: [token], then: 'cut' }, { events: [end], then: 'end' });
    const got = await hear('gemini-sse');
    expect(got).toMatchObject({ broken: false, text: SAID, finish: 'STOP' });
    expect(got.marks).toMatchObject([{ resume: 'continuation' }]);
    expect(upstream.bodies).toHaveLength(2);
  });

  it.each<['gemini-sse' | 'openai', object, object[]]>([
    [
      'gemini-sse',
      native({ text: 'Hm.', thought: true }),
      [
        { candidates: [{ content: { parts: [{ text: '', thoughtSignature: 's' }] }, finishReason: 'STOP' }] },
        native({ text: SAID }),
        { candidates: [{ finishReason: 'STOP' }] },
      ],
    ],
    [
      'openai',
      chat({ content: 'Hm.', extra_content: { google: { thought: true } } }),
      [chat({ content: '' }, { finish_reason: 'stop' }), chat({ content: SAID }), chat({}, { finish_reason: 'stop' })],
    ],
  ])('is asked for again when it ended behind its thoughts (%s)', async (form, thought, [empty, said, end]) => {
    upstream.script({ events: [thought, 60, empty!], then: 'end' }, { events: [thought, said!, end!], then: 'end' });
    const got = await hear(form);
    expect(got).toMatchObject({ broken: false, text: SAID, thoughts: 'Hm.', error: undefined });
    expect(got.marks).toMatchObject([{ resume: 'replay' }]);
    expect(upstream.bodies).toHaveLength(2);
  });

  it('is not whole when nothing but thoughts was said and nothing more comes', async () => {
    upstream.script(
      { events: [native({ text: 'Hm.', thought: true })], then: 'cut' },
      { events: [{ candidates: [{ content: { parts: [{ text: '' }] }, finishReason: 'STOP' }] }], then: 'end' },
    );
    expect(await hear('gemini-sse')).toMatchObject({ broken: true, text: '', finish: undefined });
  });
});
