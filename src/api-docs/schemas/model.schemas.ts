import { type Json } from '../domain/operation.js';

const PASSED = 'Fields that are not listed here pass through both ways.';
const text = { type: 'string' };
const contents = { type: 'array', minItems: 1, items: { $ref: '#/components/schemas/Content' } };
const usageMetadata = {
  type: 'object',
  properties: {
    promptTokenCount: { type: 'integer' },
    candidatesTokenCount: { type: 'integer' },
    thoughtsTokenCount: { type: 'integer' },
    cachedContentTokenCount: { type: 'integer' },
    totalTokenCount: { type: 'integer' },
  },
};

/** Shapes of Gemini, as far as a reader needs them; Google's own reference has them in full. */
export const modelSchemas: Json = {
  Content: {
    description: `One turn of a conversation. ${PASSED}`,
    type: 'object',
    properties: {
      role: { enum: ['user', 'model'] },
      parts: { type: 'array', items: { type: 'object', properties: { text } } },
    },
  },
  GenerateContentRequest: {
    description: `Google’s \`GenerateContentRequest\`. ${PASSED}`,
    type: 'object',
    required: ['contents'],
    properties: {
      contents,
      systemInstruction: { $ref: '#/components/schemas/Content' },
      tools: { type: 'array', items: { type: 'object' } },
      toolConfig: { type: 'object' },
      safetySettings: { type: 'array', items: { type: 'object' } },
      generationConfig: { type: 'object' },
      cachedContent: text,
    },
  },
  GenerateContentResponse: {
    description: `Google’s \`GenerateContentResponse\`; a stream is many of them. ${PASSED}`,
    type: 'object',
    properties: {
      candidates: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            content: { $ref: '#/components/schemas/Content' },
            finishReason: text,
            index: { type: 'integer' },
          },
        },
      },
      usageMetadata,
      modelVersion: text,
      responseId: text,
    },
  },
  CountTokensRequest: {
    type: 'object',
    properties: { contents, generateContentRequest: { $ref: '#/components/schemas/GenerateContentRequest' } },
  },
  CountTokensResponse: { type: 'object', properties: { totalTokens: { type: 'integer' } } },
  EmbedContentRequest: {
    type: 'object',
    required: ['content'],
    properties: {
      model: { ...text, description: 'In a batch: `models/…`.' },
      content: { $ref: '#/components/schemas/Content' },
      taskType: text,
      title: text,
      outputDimensionality: { type: 'integer' },
    },
  },
  ContentEmbedding: { type: 'object', properties: { values: { type: 'array', items: { type: 'number' } } } },
  Model: {
    type: 'object',
    properties: {
      name: { ...text, example: 'models/gemini-2.5-flash' },
      displayName: text,
      inputTokenLimit: { type: 'integer' },
      outputTokenLimit: { type: 'integer' },
      supportedGenerationMethods: { type: 'array', items: text },
    },
  },
  ModelList: {
    type: 'object',
    properties: { models: { type: 'array', items: { $ref: '#/components/schemas/Model' } }, nextPageToken: text },
  },
  ChatCompletionRequest: {
    description: `OpenAI’s chat completion request. ${PASSED}`,
    type: 'object',
    required: ['model', 'messages'],
    properties: {
      model: { ...text, example: 'gemini-2.5-flash' },
      messages: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          required: ['role'],
          properties: { role: { enum: ['system', 'developer', 'user', 'assistant', 'tool'] }, content: {} },
        },
      },
      stream: { type: 'boolean', default: false },
      stream_options: { type: 'object', properties: { include_usage: { type: 'boolean' } } },
      temperature: { type: 'number' },
      max_tokens: { type: 'integer' },
      tools: { type: 'array', items: { type: 'object' } },
      response_format: { type: 'object' },
    },
  },
  ChatCompletion: {
    type: 'object',
    properties: {
      id: text,
      object: { enum: ['chat.completion', 'chat.completion.chunk'] },
      created: { type: 'integer' },
      model: text,
      choices: { type: 'array', items: { type: 'object' } },
      usage: { type: ['object', 'null'] },
    },
  },
  EmbeddingsRequest: {
    type: 'object',
    required: ['model', 'input'],
    properties: {
      model: text,
      input: { oneOf: [text, { type: 'array', items: text }] },
      dimensions: { type: 'integer' },
      encoding_format: { enum: ['float', 'base64'] },
    },
  },
  EmbeddingsResponse: {
    type: 'object',
    properties: { object: { const: 'list' }, data: { type: 'array', items: { type: 'object' } }, model: text },
  },
  OpenAIModel: {
    type: 'object',
    properties: { id: text, object: { const: 'model' }, owned_by: text, created: { type: 'integer' } },
  },
  OpenAIModelList: {
    type: 'object',
    properties: {
      object: { const: 'list' },
      data: { type: 'array', items: { $ref: '#/components/schemas/OpenAIModel' } },
    },
  },
};
