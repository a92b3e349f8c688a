import { type Content, type GenerateContentParameters, type GenerateContentResponse, GoogleGenAI } from '@google/genai';
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

/** The package itself, set up as its users set it up. */
export function genai({ url, key }: Address): GoogleGenAI {
  return new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url } });
}

/** `@google/genai`. */
export const genaiDriver: ClientDriver = {
  name: '@google/genai',
  path: { gemini: '', node: '' },
  abortsUnary: true,
  connect: (address) => clientOf(genai(address)),
};

function clientOf(ai: GoogleGenAI): Client {
  return {
    unary: async (ask) => answerOf([await ai.models.generateContent(requestOf(ask))]),
    stream: async (ask, onPiece) => {
      const chunks: GenerateContentResponse[] = [];
      for await (const chunk of await ai.models.generateContentStream(requestOf(ask))) {
        chunks.push(chunk);
        onPiece?.(textOf(chunk));
      }
      return answerOf(chunks);
    },
    toolRound: async (ask, result) => {
      const request = requestOf(ask);
      const called = await ai.models.generateContent(request);
      const said = called.candidates?.[0]?.content;
      const call = called.functionCalls?.[0];
      if (said === undefined || call?.name === undefined) throw new Error('the model called no tool');
      const { name, id } = call;
      const given = {
        role: 'user',
        parts: [{ functionResponse: { ...(id && { id }), name, response: { output: result } } }],
      };
      const contents = [...(request.contents as Content[]), said, given];
      return answerOf([await ai.models.generateContent({ ...request, contents })]);
    },
    embed: async (texts) => {
      const { embeddings } = await ai.models.embedContent({ model: EMBEDDING_MODEL, contents: [...texts] });
      return (embeddings ?? []).map(({ values }) => values ?? []);
    },
    countTokens: async (text) => (await ai.models.countTokens({ model: MODEL, contents: text })).totalTokens,
    listModels: async () => {
      const names: string[] = [];
      for await (const { name } of await ai.models.list({ config: { pageSize: 7 } })) names.push(name ?? '');
      return names;
    },
  };
}

function requestOf(ask: Ask): GenerateContentParameters {
  return {
    model: ask.model ?? MODEL,
    contents: turnsOf(ask).map(({ role, text }) => ({ role, parts: [{ text }] })),
    config: {
      ...(ask.system !== undefined && { systemInstruction: ask.system }),
      ...(ask.tool === true && { tools: [toolGroup()] }),
      ...(ask.json === true && { responseMimeType: 'application/json', responseJsonSchema: MOOD }),
      ...(ask.signal && { abortSignal: ask.signal }),
    },
  };
}

function toolGroup(): { functionDeclarations: object[] } {
  const { name, description, parameters } = WEATHER;
  return { functionDeclarations: [{ name, description, parametersJsonSchema: parameters }] };
}

/** What its users read; the package warns on the console when `text` is read of an answer with a call in it. */
function textOf(chunk: GenerateContentResponse): string {
  const parts = chunk.candidates?.[0]?.content?.parts ?? [];
  return parts.map((part) => (part.thought === true ? '' : (part.text ?? ''))).join('');
}

function answerOf(chunks: readonly GenerateContentResponse[]): Answer {
  const pieces = chunks.map(textOf);
  return {
    text: pieces.join(''),
    finish: chunks.map((chunk) => chunk.candidates?.[0]?.finishReason).findLast((reason) => reason !== undefined),
    usage: chunks.at(-1)?.usageMetadata,
    calls: chunks.flatMap((chunk) => (chunk.functionCalls ?? []).map(({ name = '', args }) => ({ name, args }))),
    pieces,
    whole: chunks,
  };
}
