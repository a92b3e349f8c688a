import { describe, expect, it } from 'vitest';
import { type Surface } from '../route.js';
import { ResumeRequest } from './resume-request.js';

const user = { role: 'user', parts: [{ text: 'Hello' }] };

function read(surface: Surface, request: object): ResumeRequest {
  const found = ResumeRequest.read(surface, Buffer.from(JSON.stringify(request)));
  if (found === undefined) throw new Error('no request');
  return found;
}

const sent = (body: Buffer): Record<string, unknown> => JSON.parse(body.toString()) as Record<string, unknown>;

it('reads no body that is no object', () => {
  for (const text of ['', '[]', '"x"', '{"a":'])
    expect(ResumeRequest.read('gemini', Buffer.from(text))).toBeUndefined();
});

describe('natively', () => {
  it('puts the partial answer behind the request, and takes what was said from what may be said', () => {
    const config = { maxOutputTokens: 100, temperature: 0 };
    const request = read('gemini', { contents: [user], generationConfig: config, tools: [] });
    expect(sent(request.prefilled('One two', 30))).toEqual({
      contents: [user, { role: 'model', parts: [{ text: 'One two' }] }],
      generationConfig: { maxOutputTokens: 70, temperature: 0 },
      tools: [],
    });
    expect(sent(request.prefilled('x', 500))).toMatchObject({ generationConfig: { maxOutputTokens: 1 } });
    // The request itself stays as it was.
    expect(sent(request.body)).toMatchObject({ contents: [user], generationConfig: config });
    expect(sent(request.continued('t'))).toMatchObject({ contents: [user], continuationToken: 't' });
  });

  it('goes on in a last turn of the model, and in snake case', () => {
    const model = { role: 'model', parts: [{ text: 'Once' }] };
    const request = read('gemini', { contents: [user, model], generation_config: { max_output_tokens: 9 } });
    expect(sent(request.prefilled(' more', 2))).toEqual({
      contents: [user, { role: 'model', parts: [{ text: 'Once' }, { text: ' more' }] }],
      generation_config: { max_output_tokens: 7 },
    });
  });

  it.each([
    ['candidates', { candidateCount: 2 }],
    ['candidates', { candidate_count: 3 }],
    ['logprobs', { responseLogprobs: true }],
    ['media', { responseModalities: ['TEXT', 'IMAGE'] }],
    [undefined, { candidateCount: 1, responseLogprobs: false, responseModalities: ['TEXT'] }],
  ])('bars %s', (bar, generationConfig) => {
    expect(read('gemini', { contents: [user], generationConfig }).bar).toBe(bar);
  });

  it('knows stop sequences and JSON', () => {
    const { stops, wantsJson } = read('gemini', {
      generationConfig: { stopSequences: ['END', '', 7], responseMimeType: 'application/json' },
    });
    expect([stops, wantsJson]).toEqual([['END'], true]);
  });
});

describe('in OpenAI’s dialect', () => {
  const messages = [{ role: 'user', content: 'Hello' }];

  it('puts the partial answer behind the messages', () => {
    const request = read('openai', { model: 'm', messages, max_tokens: 50, max_completion_tokens: 60 });
    expect(sent(request.prefilled('One', 10))).toEqual({
      model: 'm',
      messages: [...messages, { role: 'assistant', content: 'One' }],
      max_tokens: 40,
      max_completion_tokens: 50,
    });
    const own = read('openai', { messages: [...messages, { role: 'assistant', content: 'Once' }] });
    expect(sent(own.prefilled(' more', 0))['messages']).toEqual([
      ...messages,
      { role: 'assistant', content: 'Once more' },
    ]);
    const parts = { role: 'assistant', content: [{ type: 'text', text: 'Once' }] };
    const inParts = read('openai', { messages: [...messages, parts] });
    expect(sent(inParts.prefilled(' more', 0))['messages']).toEqual([
      ...messages,
      { role: 'assistant', content: [...parts.content, { type: 'text', text: ' more' }] },
    ]);
  });

  it('bars what cannot be joined, and knows stops and JSON', () => {
    expect(read('openai', { n: 2 }).bar).toBe('candidates');
    expect(read('openai', { logprobs: true }).bar).toBe('logprobs');
    expect(read('openai', { modalities: ['text', 'audio'] }).bar).toBe('media');
    expect(read('openai', { stop: 'END' }).stops).toEqual(['END']);
    expect(read('openai', { response_format: { type: 'json_schema' } }).wantsJson).toBe(true);
    expect(read('openai', { messages }).bar).toBeUndefined();
  });
});
