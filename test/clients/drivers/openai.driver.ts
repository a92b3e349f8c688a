import OpenAI from 'openai';
import {
  type Address,
  type Answer,
  type Ask,
  type Client,
  type ClientDriver,
  EMBEDDING_MODEL,
  MODEL,
  MOOD,
  type ToolCall,
  turnsOf,
  WEATHER,
} from './client-driver.js';

type Message = OpenAI.ChatCompletionMessageParam;
type Chunk = OpenAI.ChatCompletionChunk;

/** The package itself, set up as its users set it up. */
export function openai({ url, key, retries = 0 }: Address): OpenAI {
  return new OpenAI({ apiKey: key, baseURL: url, maxRetries: retries });
}

/** `openai`, with the address by which the node is known to it. */
export function openaiDriver(nodePath: string): ClientDriver {
  return {
    name: `openai ${nodePath}`,
    path: { gemini: '/v1beta/openai/', node: nodePath },
    abortsUnary: true,
    connect: (address) => clientOf(openai(address)),
  };
}

function clientOf(ai: OpenAI): Client {
  const create = (ask: Ask, messages = messagesOf(ask)): Promise<OpenAI.ChatCompletion> =>
    ai.chat.completions.create({ ...requestOf(ask), messages }, signalOf(ask));
  return {
    unary: async (ask) => answerOf(await create(ask)),
    stream: async (ask, onPiece) => {
      const request = { ...requestOf(ask), messages: messagesOf(ask), stream: true as const };
      const options = { stream_options: { include_usage: true } };
      const chunks: Chunk[] = [];
      for await (const chunk of await ai.chat.completions.create({ ...request, ...options }, signalOf(ask))) {
        chunks.push(chunk);
        onPiece?.(chunk.choices[0]?.delta.content ?? '');
      }
      return streamedOf(chunks);
    },
    toolRound: async (ask, result) => {
      const message = (await create(ask)).choices[0]?.message;
      const call = message?.tool_calls?.[0];
      if (message === undefined || call === undefined) throw new Error('the model called no tool');
      const given: Message = { role: 'tool', tool_call_id: call.id, content: result };
      return answerOf(await create(ask, [...messagesOf(ask), message, given]));
    },
    embed: async (texts) => {
      const { data } = await ai.embeddings.create({ model: EMBEDDING_MODEL, input: [...texts], dimensions: 16 });
      return data.map(({ embedding }) => embedding);
    },
    listModels: async () => {
      const names: string[] = [];
      for await (const { id } of ai.models.list()) names.push(id);
      return names;
    },
  };
}

function requestOf(ask: Ask): Omit<OpenAI.ChatCompletionCreateParamsNonStreaming, 'messages'> {
  const format = { type: 'json_schema' as const, json_schema: { name: 'mood', schema: MOOD } };
  return {
    model: ask.model ?? MODEL,
    ...(ask.tool === true && { tools: [{ type: 'function' as const, function: WEATHER }] }),
    ...(ask.json === true && { response_format: format }),
  };
}

function messagesOf(ask: Ask): Message[] {
  const turns = turnsOf(ask).map(({ role, text }): Message => ({
    role: role === 'user' ? 'user' : 'assistant',
    content: text,
  }));
  return ask.system === undefined ? turns : [{ role: 'system', content: ask.system }, ...turns];
}

function signalOf(ask: Ask): { signal?: AbortSignal } {
  return ask.signal === undefined ? {} : { signal: ask.signal };
}

function answerOf(whole: OpenAI.ChatCompletion): Answer {
  const choice = whole.choices[0];
  const text = choice?.message.content ?? '';
  const { finish_reason: finish } = choice ?? {};
  return { text, finish, usage: whole.usage, calls: callsOf(choice?.message.tool_calls), pieces: [text], whole };
}

function streamedOf(chunks: readonly Chunk[]): Answer {
  const pieces = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '');
  return {
    text: pieces.join(''),
    finish: chunks.map((chunk) => chunk.choices[0]?.finish_reason).findLast((reason) => typeof reason === 'string'),
    usage: chunks.at(-1)?.usage,
    calls: callsOf(chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? [])),
    pieces,
    whole: chunks,
  };
}

function callsOf(
  calls: readonly (OpenAI.ChatCompletionChunk.Choice.Delta.ToolCall | OpenAI.ChatCompletionMessageToolCall)[] = [],
): ToolCall[] {
  return calls.map((call) => {
    const { name = '', arguments: args = '{}' } = 'function' in call ? (call.function ?? {}) : {};
    return { name, args: JSON.parse(args) as unknown };
  });
}
