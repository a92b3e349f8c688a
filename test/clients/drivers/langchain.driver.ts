import { type GenerativeModel } from '@google/generative-ai';
import {
  AIMessage,
  type AIMessageChunk,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from '@langchain/core/messages';
import { type Runnable } from '@langchain/core/runnables';
import { ChatGoogleGenerativeAI, GoogleGenerativeAIEmbeddings } from '@langchain/google-genai';
import {
  type Address,
  type Answer,
  type Ask,
  type Client,
  type ClientDriver,
  EMBEDDING_MODEL,
  MODEL,
  turnsOf,
  WEATHER,
} from './client-driver.js';
import { MOOD_SCHEMA } from './generative-ai.driver.js';

/** `@langchain/google-genai`. It repeats six times by itself unless told otherwise, and gives unary calls no signal. */
export const langchainDriver: ClientDriver = {
  name: '@langchain/google-genai',
  path: { gemini: '', node: '' },
  abortsUnary: false,
  connect: clientOf,
};

function clientOf(address: Address): Client {
  return {
    unary: async (ask) => {
      const message = await chat(address, ask).invoke(messagesOf(ask), optionsOf(ask));
      return answerOf([message], message);
    },
    stream: async (ask, onPiece) => {
      const chunks: AIMessageChunk[] = [];
      for await (const chunk of await chat(address, ask).stream(messagesOf(ask), optionsOf(ask))) {
        chunks.push(chunk);
        onPiece?.(chunk.text);
      }
      const [first, ...rest] = chunks;
      if (first === undefined) throw new Error('the stream ended without a message');
      return answerOf(
        chunks,
        rest.reduce((sum, chunk) => sum.concat(chunk), first),
      );
    },
    toolRound: async (ask, result) => {
      const model = chat(address, ask);
      const asked = messagesOf(ask);
      const called = await model.invoke(asked, optionsOf(ask));
      const call = called.tool_calls?.[0];
      if (call === undefined) throw new Error('the model called no tool');
      const given = new ToolMessage({ content: result, name: call.name, tool_call_id: call.id ?? '' });
      const message = await model.invoke([...asked, called, given], optionsOf(ask));
      return answerOf([message], message);
    },
    embed: (texts) => {
      const { key, url, retries = 0 } = address;
      const options = { apiKey: key, model: EMBEDDING_MODEL, baseUrl: url, maxRetries: retries };
      return new GoogleGenerativeAIEmbeddings(options).embedDocuments([...texts]);
    },
  };
}

type Options = Partial<ChatGoogleGenerativeAI['ParsedCallOptions']>;

function chat({ url, key, retries = 0 }: Address, ask: Ask): Runnable<BaseMessage[], AIMessageChunk, Options> {
  const model = new ChatGoogleGenerativeAI({
    apiKey: key,
    model: ask.model ?? MODEL,
    baseUrl: url,
    maxRetries: retries,
    json: ask.json === true,
  });
  handleSecondPromise(model);
  const { name, description, parameters: schema } = WEATHER;
  return ask.tool === true ? model.bindTools([{ name, description, schema }]) : model;
}

/**
 * The package lets go of one of the two promises that fail when a stream breaks, which by default ends the whole
 * process; an application has to handle unhandled rejections, and so does this one.
 */
function handleSecondPromise(model: ChatGoogleGenerativeAI): void {
  const { client } = model as unknown as { client: GenerativeModel };
  const generate = client.generateContentStream.bind(client);
  client.generateContentStream = async (...request) => {
    const result = await generate(...request);
    result.response.catch(() => undefined);
    return result;
  };
}

function optionsOf(ask: Ask): Options {
  return { ...(ask.signal && { signal: ask.signal }), ...(ask.json === true && { responseSchema: MOOD_SCHEMA }) };
}

function messagesOf(ask: Ask): BaseMessage[] {
  const turns = turnsOf(ask).map(({ role, text }) => (role === 'user' ? new HumanMessage(text) : new AIMessage(text)));
  return ask.system === undefined ? turns : [new SystemMessage(ask.system), ...turns];
}

function answerOf(chunks: readonly AIMessageChunk[], message: AIMessageChunk): Answer {
  const finish: unknown = message.response_metadata['finishReason'];
  return {
    text: message.text,
    finish: typeof finish === 'string' ? finish : undefined,
    usage: message.usage_metadata,
    calls: (message.tool_calls ?? []).map(({ name, args }) => ({ name, args })),
    pieces: chunks.map((chunk) => chunk.text),
    whole: chunks.map((chunk) => chunk.toDict()),
  };
}
