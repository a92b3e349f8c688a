import { describe, expect, it } from 'vitest';
import { composeAnswer } from './compose-answer.js';
import { type JsonObject } from './json.js';
import { ModelTable } from './model-table.js';
import { openAiBody, openAiStream } from './openai-answer.js';
import { openAiConversation } from './openai-request.js';

const models = new ModelTable();
const tools = [{ type: 'function', function: { name: 'get_time', parameters: { type: 'object' } } }];

function answered(body: JsonObject): ReturnType<typeof composeAnswer> {
  const conversation = openAiConversation({ model: 'models/gemini-3-pro-preview', ...body });
  return composeAnswer(conversation, models.find('models', conversation.model)!, {
    id: 'r',
    voice: '',
    cachedTokens: 0,
    fault: undefined,
  });
}

const said = (content: string, more: JsonObject = {}): JsonObject => ({
  messages: [{ role: 'user', content }],
  ...more,
});
const choice = (body: JsonObject): JsonObject => (openAiBody(answered(body), 1).choices as JsonObject[])[0]!;
const chunks = (body: JsonObject, usage = false): JsonObject[] =>
  openAiStream(answered(body), 1, usage).frames.map(
    (frame) => (JSON.parse(frame.data) as { choices: JsonObject[] }).choices[0] ?? {},
  );

describe('the OpenAI dialect', () => {
  it('understands system messages, lists of parts, tool results and partial answers', () => {
    const conversation = openAiConversation({
      model: 'gemini-2.5-pro',
      messages: [
        { role: 'system', content: 'You are Ada' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'image_url', image_url: { url: 'x' } },
          ],
        },
        {
          role: 'assistant',
          tool_calls: [
            { id: '1', function: { name: 'f' } },
            { id: '2', function: { name: 'g' } },
          ],
        },
        { role: 'tool', tool_call_id: '1', content: 'one' },
        { role: 'tool', tool_call_id: '2', content: 'two' },
        { role: 'assistant', content: 'so far' },
      ],
      stop: 'x',
      max_completion_tokens: 9,
    });
    expect(conversation).toMatchObject({
      system: 'You are Ada',
      partial: 'so far',
      stopSequences: ['x'],
      maxOutputTokens: 9,
    });
    expect(conversation.turns.map((turn) => turn.results.map((result) => result.name))).toEqual([[], [], ['f', 'g']]);
    expect(conversation.turns[0]).toMatchObject({ text: 'a', media: 1 });
    expect(() => openAiConversation(said('x'))).toThrow('model is not specified');
  });

  it('names reasons as Google’s endpoint does', () => {
    expect(choice(said('hi #safety'))).toMatchObject({ finish_reason: 'content_filter: SAFETY' });
    expect(choice(said('hi #blocked'))).toMatchObject({
      finish_reason: 'content_filter: PROHIBITED_CONTENT',
      message: { content: null },
    });
    expect(choice(said('hi', { max_tokens: 3 }))).toMatchObject({ finish_reason: 'length' });
    expect(
      choice(said('hi', { extra_body: { google: { thinking_config: { include_thoughts: true } } } })).message,
    ).toMatchObject({
      content: expect.stringMatching(/^<thought>.*<\/thought>\[simulated\]/s) as string,
    });
  });

  it('streams signed tool calls, with or without index', () => {
    const call = chunks(said('get_time', { tools }))[0]!;
    expect(call).toMatchObject({
      delta: {
        tool_calls: [{ index: 0, extra_content: { google: { thought_signature: expect.any(String) as string } } }],
      },
    });
    const bare = chunks(said('get_time #noindex', { tools }))[0] as { delta: { tool_calls: JsonObject[] } };
    expect(bare.delta.tool_calls[0]).not.toHaveProperty('index');
    expect(chunks(said('talk', { tools, tool_choice: 'required' }))[0]).toMatchObject({ delta: { tool_calls: [{}] } });
    expect(chunks(said('get_time', { tools, tool_choice: 'none' }))[0]).toMatchObject({
      delta: { content: expect.any(String) as string },
    });
  });

  it('ends with the usage when asked', () => {
    expect(chunks(said('hi'), true).at(-1)).toEqual({});
    expect(chunks(said('hi')).at(-1)).toMatchObject({ finish_reason: 'stop' });
  });
});
