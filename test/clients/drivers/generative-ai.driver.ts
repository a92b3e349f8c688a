import {
  type EnhancedGenerateContentResponse,
  type FunctionDeclaration,
  type GenerateContentRequest,
  type GenerativeModel,
  GoogleGenerativeAI,
  type ObjectSchema,
  SchemaType,
} from '@google/generative-ai';
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

/** The tool and the schema in the terms of this package. */
const WEATHER_DECLARATION: FunctionDeclaration = {
  name: WEATHER.name,
  description: WEATHER.description,
  parameters: { type: SchemaType.OBJECT, properties: { city: { type: SchemaType.STRING } }, required: ['city'] },
};
export const MOOD_SCHEMA: ObjectSchema = {
  type: SchemaType.OBJECT,
  properties: {
    city: { type: SchemaType.STRING },
    mood: { type: SchemaType.STRING, format: 'enum', enum: ['good', 'bad'] },
  },
  required: ['city', 'mood'],
};

/** `@google/generative-ai`, which LangChain has inside. */
export const generativeAiDriver: ClientDriver = {
  name: '@google/generative-ai',
  path: { gemini: '', node: '' },
  abortsUnary: true,
  connect: clientOf,
};

function clientOf({ url, key }: Address): Client {
  const model = (name = MODEL): GenerativeModel =>
    new GoogleGenerativeAI(key).getGenerativeModel({ model: name }, { baseUrl: url });
  return {
    unary: async (ask) => {
      const { response } = await model(ask.model).generateContent(requestOf(ask), signalOf(ask));
      return answerOf([response], response);
    },
    stream: async (ask, onPiece) => {
      const { stream, response } = await model(ask.model).generateContentStream(requestOf(ask), signalOf(ask));
      // It fails together with the stream.
      response.catch(() => undefined);
      const chunks: EnhancedGenerateContentResponse[] = [];
      for await (const chunk of stream) {
        chunks.push(chunk);
        onPiece?.(chunk.text());
      }
      return answerOf(chunks, await response);
    },
    toolRound: async (ask, result) => {
      const { contents, ...rest } = requestOf(ask);
      const chat = model(ask.model).startChat({ ...rest, history: contents.slice(0, -1) });
      const call = (await chat.sendMessage(ask.prompt)).response.functionCalls()?.[0];
      if (call === undefined) throw new Error('the model called no tool');
      const given = { functionResponse: { name: call.name, response: { output: result } } };
      const { response } = await chat.sendMessage([given]);
      return answerOf([response], response);
    },
    embed: async (texts) => {
      const requests = texts.map((text) => ({ content: { role: 'user', parts: [{ text }] } }));
      const { embeddings } = await model(EMBEDDING_MODEL).batchEmbedContents({ requests });
      return embeddings.map(({ values }) => values);
    },
    countTokens: async (text) => (await model().countTokens(text)).totalTokens,
  };
}

function requestOf(ask: Ask): GenerateContentRequest {
  const generationConfig = { responseMimeType: 'application/json', responseSchema: MOOD_SCHEMA };
  return {
    contents: turnsOf(ask).map(({ role, text }) => ({ role, parts: [{ text }] })),
    ...(ask.system !== undefined && { systemInstruction: ask.system }),
    ...(ask.tool === true && { tools: [{ functionDeclarations: [WEATHER_DECLARATION] }] }),
    ...(ask.json === true && { generationConfig }),
  };
}

function signalOf(ask: Ask): { signal?: AbortSignal } {
  return ask.signal === undefined ? {} : { signal: ask.signal };
}

function answerOf(
  chunks: readonly EnhancedGenerateContentResponse[],
  response: EnhancedGenerateContentResponse,
): Answer {
  return {
    text: response.text(),
    finish: response.candidates?.[0]?.finishReason,
    usage: response.usageMetadata,
    calls: (response.functionCalls() ?? []).map(({ name, args }) => ({ name, args })),
    pieces: chunks.map((chunk) => chunk.text()),
    whole: [chunks, response],
  };
}
