import { createGoogleGenerativeAI } from '@ai-sdk/google';
import {
  embedMany,
  generateText,
  jsonSchema,
  type ModelMessage,
  Output,
  stepCountIs,
  streamText,
  tool,
  type ToolSet,
} from 'ai';
import {
  type Address,
  type Answer,
  type Ask,
  type Client,
  type ClientDriver,
  EMBEDDING_MODEL,
  MODEL,
  MOOD,
  turnsOf,
  WEATHER,
} from './client-driver.js';

/** `ai` with `@ai-sdk/google`. */
export const aiSdkDriver: ClientDriver = {
  name: 'ai + @ai-sdk/google',
  path: { gemini: '/v1beta', node: '/v1beta' },
  abortsUnary: true,
  connect: clientOf,
};

function clientOf(address: Address): Client {
  return {
    unary: async (ask) => {
      const result = await generateText(requestOf(address, ask));
      return answerOf(result, [result.text], result.steps);
    },
    stream: async (ask, onPiece) => {
      // The default writes errors to the console.
      const result = streamText({ ...requestOf(address, ask), onError: () => undefined });
      const pieces: string[] = [];
      const parts: unknown[] = [];
      for await (const part of result.fullStream) {
        parts.push(part);
        if (part.type === 'error') throw part.error;
        if (part.type === 'abort') throw new DOMException('aborted', 'AbortError');
        if (part.type !== 'text-delta') continue;
        pieces.push(part.text);
        onPiece?.(part.text);
      }
      const [text, finishReason, usage, toolCalls] = [result.text, result.finishReason, result.usage, result.toolCalls];
      const all = {
        text: await text,
        finishReason: await finishReason,
        usage: await usage,
        toolCalls: await toolCalls,
      };
      return answerOf(all, pieces, parts);
    },
    toolRound: async (ask, result) => {
      const request = requestOf(address, ask);
      const last = await generateText({ ...request, tools: toolsOf(result), stopWhen: stepCountIs(3) });
      return answerOf(last, [last.text], last.steps);
    },
    embed: async (texts) => {
      const model = google(address).embeddingModel(EMBEDDING_MODEL);
      return (await embedMany({ model, values: [...texts], maxRetries: address.retries ?? 0 })).embeddings;
    },
  };
}

function google({ url, key }: Address): ReturnType<typeof createGoogleGenerativeAI> {
  return createGoogleGenerativeAI({ apiKey: key, baseURL: url });
}

function requestOf(address: Address, ask: Ask) {
  const messages = turnsOf(ask).map(({ role, text }): ModelMessage => ({
    role: role === 'user' ? 'user' : 'assistant',
    content: text,
  }));
  return {
    model: google(address)(ask.model ?? MODEL),
    messages,
    maxRetries: address.retries ?? 0,
    ...(ask.system !== undefined && { system: ask.system }),
    ...(ask.tool === true && { tools: toolsOf() }),
    ...(ask.json === true && { output: Output.object({ schema: jsonSchema(MOOD) }) }),
    ...(ask.signal && { abortSignal: ask.signal }),
  };
}

/** Without a result to give, the call is left to the user. */
function toolsOf(result?: string): ToolSet {
  const declared = { description: WEATHER.description, inputSchema: jsonSchema<{ city: string }>(WEATHER.parameters) };
  return { [WEATHER.name]: result === undefined ? tool(declared) : tool({ ...declared, execute: () => result }) };
}

interface Result {
  readonly text: string;
  readonly finishReason: string;
  readonly usage: unknown;
  readonly toolCalls: readonly { readonly toolName: string; readonly input?: unknown }[];
}

function answerOf(result: Result, pieces: readonly string[], whole: unknown): Answer {
  const { text, finishReason: finish, usage, toolCalls } = result;
  return {
    text,
    finish,
    usage,
    calls: toolCalls.map(({ toolName, input }) => ({ name: toolName, args: input })),
    pieces,
    whole,
  };
}
