import { describe, expect, it } from 'vitest';
import { bootNode } from '../support/boot.js';
import { genai } from './drivers/genai.driver.js';
import { openai } from './drivers/openai.driver.js';
import { scriptedUpstream } from './scripted-upstream.js';

/** Together longer than the node waits for the end of a finished answer, each shorter; ms. */
const PAUSE_MS = 300;
const WORDS = ['One ', 'two ', 'three ', 'four ', 'five ', 'six ', 'seven.'];
const WHOLE = WORDS.join('');

const native = (candidates: readonly object[]): string => `data: ${JSON.stringify({ candidates })}\r\n\r\n`;
const spoken = (text: string, index: number, finishReason?: string): object => ({
  content: { role: 'model', parts: [{ text }] },
  index,
  ...(finishReason !== undefined && { finishReason }),
});
const chunk = (content: string, index: number, finish: string | null): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [{ index, delta: { content }, finish_reason: finish }] })}\n\n`;

/** Older models say STOP in every event. */
const EVERY_EVENT_FINISHES = {
  native: WORDS.map((word) => native([spoken(word, 0, 'STOP')])),
  openai: [...WORDS.map((word) => chunk(word, 0, 'stop')), 'data: [DONE]\n\n'],
};

/** The first event says nothing but STOP. */
const FIRST_EVENT_EMPTY = { native: [native([spoken('', 0, 'STOP')]), ...EVERY_EVENT_FINISHES.native] };

/** The first candidate says nothing, the second does. */
const FIRST_CANDIDATE_EMPTY = {
  native: [native([spoken('', 0, 'STOP')]), native([spoken(WHOLE, 1, 'STOP')])],
};

/** The first candidate is finished before the second has begun. */
const ONE_AFTER_THE_OTHER = {
  native: [
    native([spoken('Short.', 0, 'STOP')]),
    ...WORDS.map((word, at) => native([spoken(word, 1, at === WORDS.length - 1 ? 'STOP' : undefined)])),
  ],
  openai: [
    chunk('Short.', 0, 'stop'),
    ...WORDS.map((word, at) => chunk(word, 1, at === WORDS.length - 1 ? 'stop' : null)),
    'data: [DONE]\n\n',
  ],
};

/** Reads through a node in front of an upstream that keeps to a script. */
async function throughNode(script: readonly string[], read: (url: string) => Promise<string>): Promise<string> {
  const upstream = await scriptedUpstream(script, PAUSE_MS);
  const { node } = await bootNode({ GEMINI_UPSTREAM: 'gemini', GEMINI_BASE_URL: upstream.url });
  try {
    return await read(node.url);
  } finally {
    await node.drain();
    await upstream.close();
  }
}

/** The text of one candidate as the user of a package reads it. */
function readNative(script: readonly string[], index: number): Promise<string> {
  return throughNode(script, async (url) => {
    let text = '';
    const request = { model: 'gemini-2.5-flash', contents: 'Count', config: { candidateCount: index + 1 } };
    for await (const { candidates } of await genai({ url, key: 'good-key' }).models.generateContentStream(request)) {
      const mine = candidates?.filter((candidate) => (candidate.index ?? 0) === index) ?? [];
      text += mine.flatMap(({ content }) => content?.parts?.map((part) => part.text)).join('');
    }
    return text;
  });
}

function readOpenAi(script: readonly string[], index: number): Promise<string> {
  return throughNode(script, async (url) => {
    let text = '';
    const messages = [{ role: 'user' as const, content: 'Count' }];
    const { completions } = openai({ url: `${url}/v1`, key: 'good-key' }).chat;
    for await (const { choices } of await completions.create({ model: 'm', messages, n: index + 1, stream: true })) {
      for (const choice of choices) if (choice.index === index) text += choice.delta.content ?? '';
    }
    return text;
  });
}

describe.concurrent('an answer that goes on after a finish reason', () => {
  it('is whole when every event has one', async () => {
    expect(await readNative(EVERY_EVENT_FINISHES.native, 0)).toBe(WHOLE);
  });
  it('is whole when every event has one, in the OpenAI dialect', async () => {
    expect(await readOpenAi(EVERY_EVENT_FINISHES.openai, 0)).toBe(WHOLE);
  });
  it('is whole when another candidate begins late', async () => {
    expect(await readNative(ONE_AFTER_THE_OTHER.native, 1)).toBe(WHOLE);
  });
  it('is whole when another candidate begins late, in the OpenAI dialect', async () => {
    expect(await readOpenAi(ONE_AFTER_THE_OTHER.openai, 1)).toBe(WHOLE);
  });
  it('is whole when the first event is empty', async () => {
    expect(await readNative(FIRST_EVENT_EMPTY.native, 0)).toBe(WHOLE);
  });
  it('is whole when one of the candidates is empty', async () => {
    expect(await readNative(FIRST_CANDIDATE_EMPTY.native, 1)).toBe(WHOLE);
  });
});
