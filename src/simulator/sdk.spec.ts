import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { GoogleGenerativeAI } from '@google/generative-ai';
import { GoogleAIFileManager } from '@google/generative-ai/server';
import { GoogleGenAI } from '@google/genai';
import { ChatGoogleGenerativeAI, GoogleGenerativeAIEmbeddings } from '@langchain/google-genai';
import { embed, generateText, jsonSchema, Output, stepCountIs, streamText, tool } from 'ai';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningSimulator, startSimulator } from './index.js';

const MODEL = 'gemini-2.5-flash';
const weather = {
  name: 'get_weather',
  description: 'Weather of a city',
  parameters: { type: 'object' as const, properties: { city: { type: 'string' as const } }, required: ['city'] },
};
let simulator: RunningSimulator;

beforeAll(async () => {
  simulator = await startSimulator({ wordDelayMs: 0 });
});
afterAll(() => simulator.close());

async function joined<T>(stream: AsyncIterable<T>, text: (item: T) => string | null | undefined): Promise<string> {
  let whole = '';
  for await (const item of stream) whole += text(item) ?? '';
  return whole;
}

describe('@google/genai', () => {
  const client = (): GoogleGenAI => new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: simulator.url } });

  it('gets the same text in one piece and as a stream, with usage', async () => {
    const request = { model: MODEL, contents: 'Tell me about rivers' };
    const whole = await client().models.generateContent(request);
    expect(whole.text).toMatch(/^\[simulated\] /);
    expect(whole.usageMetadata?.totalTokenCount).toBeGreaterThan(10);
    const stream = await client().models.generateContentStream(request);
    expect(await joined(stream, (chunk) => chunk.text)).toBe(whole.text);
  });

  it('follows continuation tokens by itself, in one piece and as a stream', async () => {
    const request = { model: 'gemini-4-argon', contents: 'A long one #words=100 #hop=30' };
    const whole = await client().models.generateContent({ ...request, config: { automaticContinuation: true } });
    expect(whole.text?.split(/\s+/)).toHaveLength(100);
    const stream = await client().models.generateContentStream(request);
    expect(await joined(stream, (chunk) => chunk.text)).toBe(whole.text);
  });

  it('calls functions, counts, embeds, lists and caches', async () => {
    const called = await client().models.generateContent({
      model: 'gemini-3-pro-preview',
      contents: 'use get_weather please',
      config: { tools: [{ functionDeclarations: [{ name: weather.name, parametersJsonSchema: weather.parameters }] }] },
    });
    expect(called.functionCalls?.[0]).toMatchObject({
      name: 'get_weather',
      args: { city: expect.any(String) as string },
    });
    expect((await client().models.countTokens({ model: MODEL, contents: '12345678' })).totalTokens).toBe(2);
    const vectors = await client().models.embedContent({ model: 'gemini-embedding-001', contents: ['a', 'b'] });
    expect(vectors.embeddings?.map((item) => item.values?.length)).toEqual([3072, 3072]);
    const names: string[] = [];
    for await (const model of await client().models.list({ config: { pageSize: 7 } })) names.push(model.name ?? '');
    expect(names).toContain('models/gemini-4-argon');
    const cache = await client().caches.create({ model: MODEL, config: { contents: 'x'.repeat(4000), ttl: '60s' } });
    const used = await client().models.generateContent({
      model: MODEL,
      contents: 'hi',
      config: { cachedContent: cache.name ?? '' },
    });
    expect(used.usageMetadata?.cachedContentTokenCount).toBe(1000);
  });

  it('uploads, reads back and deletes a file', async () => {
    const file = await client().files.upload({
      file: new Blob(['hello file']),
      config: { mimeType: 'text/plain', displayName: 'greeting' },
    });
    expect(file).toMatchObject({ mimeType: 'text/plain', sizeBytes: '10', state: 'ACTIVE', displayName: 'greeting' });
    expect((await client().files.get({ name: file.name ?? '' })).uri).toBe(file.uri);
    await client().files.delete({ name: file.name ?? '' });
    await expect(client().files.get({ name: file.name ?? '' })).rejects.toMatchObject({ status: 403 });
  });

  it('holds an interaction, in one piece, streamed and continued', async () => {
    const first = await client().interactions.create({ model: MODEL, input: 'Hello' });
    expect(first).toMatchObject({
      status: 'completed',
      output_text: expect.stringMatching(/^\[simulated\]/) as string,
    });
    const stream = await client().interactions.create({
      model: MODEL,
      input: 'And more',
      previous_interaction_id: first.id,
      stream: true,
    });
    const types = new Set<string>();
    let text = '';
    for await (const event of stream) {
      types.add(event.event_type);
      if (event.event_type === 'step.delta' && event.delta.type === 'text') text += event.delta.text;
    }
    expect(text).toContain('turn 2');
    expect([...types]).toEqual(
      expect.arrayContaining(['interaction.created', 'step.start', 'step.stop', 'interaction.completed']),
    );
    const hops = await client().interactions.create({ model: 'gemini-4-argon', input: 'long #words=60 #hop=25' });
    expect(hops.output_text?.split(/\s+/)).toHaveLength(60);
  });

  it('reads errors', async () => {
    const bad = new GoogleGenAI({ apiKey: 'invalid-key', httpOptions: { baseUrl: simulator.url } });
    await expect(bad.models.generateContent({ model: MODEL, contents: 'x' })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('API_KEY_INVALID') as string,
    });
  });
});

describe('@google/generative-ai', () => {
  it('answers, streams, chats and uploads', async () => {
    const model = new GoogleGenerativeAI('k').getGenerativeModel({ model: MODEL }, { baseUrl: simulator.url });
    const whole = (await model.generateContent('Rivers')).response.text();
    expect(await joined((await model.generateContentStream('Rivers')).stream, (chunk) => chunk.text())).toBe(whole);
    const chat = model.startChat();
    await chat.sendMessage('one');
    expect((await chat.sendMessage('two')).response.text()).toContain('turn 2');
    const manager = new GoogleAIFileManager('k', { baseUrl: simulator.url });
    const { file } = await manager.uploadFile(Buffer.from('bytes\r\n--x'), {
      mimeType: 'text/plain',
      displayName: 'multi',
    });
    expect(file).toMatchObject({ sizeBytes: '10', mimeType: 'text/plain' });
    expect((await manager.listFiles()).files).toHaveLength(1);
  });
});

describe('openai', () => {
  const client = (): OpenAI => new OpenAI({ apiKey: 'k', baseURL: `${simulator.url}/v1beta/openai/`, maxRetries: 0 });
  const ask = (content: string) => ({ model: MODEL, messages: [{ role: 'user' as const, content }] });

  it('answers and streams the same text, with usage', async () => {
    const whole = await client().chat.completions.create(ask('Rivers'));
    expect(whole.choices[0]?.finish_reason).toBe('stop');
    const stream = await client().chat.completions.create({
      ...ask('Rivers'),
      stream: true,
      stream_options: { include_usage: true },
    });
    let total = 0;
    const text = await joined(stream, (chunk) => {
      total = chunk.usage?.total_tokens ?? total;
      return chunk.choices[0]?.delta.content;
    });
    expect(text).toBe(whole.choices[0]?.message.content);
    expect(total).toBe(whole.usage?.total_tokens);
  });

  it('calls tools: finish is tool_calls in one piece, stop in a stream', async () => {
    const request = { ...ask('call get_weather now'), tools: [{ type: 'function' as const, function: weather }] };
    const whole = await client().chat.completions.create(request);
    expect(whole.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { tool_calls: [{ function: { name: 'get_weather' } }] },
    });
    const final = await client().chat.completions.stream(request).finalChatCompletion();
    expect(final.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { tool_calls: [{ function: { name: 'get_weather' } }] },
    });
  });

  it('embeds in base64, lists, and gives JSON on demand', async () => {
    const vectors = await client().embeddings.create({
      model: 'gemini-embedding-001',
      input: ['a', 'b'],
      dimensions: 8,
    });
    expect(vectors.data.map((item) => item.embedding.length)).toEqual([8, 8]);
    expect((await client().models.list()).data.map((model) => model.id)).toContain('models/gemini-pro-latest');
    const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
    const answer = await client().chat.completions.create({
      ...ask('x'),
      response_format: { type: 'json_schema', json_schema: { name: 's', schema } },
    });
    expect(JSON.parse(answer.choices[0]?.message.content ?? '')).toEqual({ n: expect.any(Number) as number });
  });

  it('sees Google’s list-wrapped errors', async () => {
    await expect(client().chat.completions.create({ ...ask('x'), model: 'nope' })).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe('@langchain/google-genai', () => {
  it('answers, streams and embeds', async () => {
    const chat = new ChatGoogleGenerativeAI({ apiKey: 'k', model: MODEL, baseUrl: simulator.url, maxRetries: 0 });
    const whole = await chat.invoke('Rivers');
    expect(await joined(await chat.stream('Rivers'), (chunk) => chunk.text)).toBe(whole.text);
    const vectors = new GoogleGenerativeAIEmbeddings({
      apiKey: 'k',
      model: 'gemini-embedding-001',
      baseUrl: simulator.url,
    });
    expect(await vectors.embedDocuments(['a', 'b'])).toHaveLength(2);
  });
});

describe('ai with @ai-sdk/google', () => {
  const google = () => createGoogleGenerativeAI({ apiKey: 'k', baseURL: `${simulator.url}/v1beta` });

  it('answers, streams and embeds', async () => {
    const whole = await generateText({ model: google()(MODEL), prompt: 'Rivers' });
    expect(whole.finishReason).toBe('stop');
    expect(await joined(streamText({ model: google()(MODEL), prompt: 'Rivers' }).textStream, (text) => text)).toBe(
      whole.text,
    );
    const { embedding } = await embed({ model: google().embeddingModel('gemini-embedding-001'), value: 'x' });
    expect(embedding).toHaveLength(3072);
  });

  it('fills a schema and runs a tool to the end', async () => {
    const schema = jsonSchema<{ city: string; mood: string }>({
      type: 'object',
      properties: { city: { type: 'string' }, mood: { type: 'string', enum: ['good', 'bad'] } },
      required: ['city', 'mood'],
    });
    const { output } = await generateText({ model: google()(MODEL), output: Output.object({ schema }), prompt: 'x' });
    expect(output.mood).toMatch(/good|bad/);
    const result = await generateText({
      model: google()('gemini-3-pro-preview'),
      prompt: 'ask get_weather',
      tools: {
        get_weather: tool({
          inputSchema: jsonSchema<{ city: string }>(weather.parameters),
          execute: () => 'sunny, 21 degrees',
        }),
      },
      stopWhen: stepCountIs(3),
    });
    expect(result.text).toContain('sunny, 21 degrees');
  });
});
