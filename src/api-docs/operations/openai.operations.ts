import { answer, content, type Json, jsonBody, type Operation, parameter, shape } from '../domain/operation.js';

const TAG = 'OpenAI-compatible API';
const HEADERS = [
  ...['server-timing', 'x-l104-attempts', 'x-l104-model', 'x-l104-healing', 'age', 'ratelimit-policy', 'ratelimit'],
  ...['limit', 'remaining', 'reset'].map((what) => `x-ratelimit-${what}-requests`),
];
const OPTIONS = ['x-l104-deadline-ms', 'x-stainless-timeout', 'x-l104-cache', 'traceparent', 'x-request-id'].map(
  parameter,
);
const errors: Json = {
  '4XX': { $ref: '#/components/responses/OpenAIClientError' },
  '5XX': { $ref: '#/components/responses/OpenAIServerError' },
};
const BY_AUTHENTICATION =
  'The style of authentication decides the dialect: a Bearer key gets OpenAI’s, `x-goog-api-key` or `?key=` gets Gemini’s.';

const operation = (rest: Omit<Operation, 'served' | 'tag' | 'access'>): Operation => ({
  ...rest,
  served: 'front',
  tag: TAG,
  access: 'client',
  parameters: OPTIONS,
  responses: { ...rest.responses, ...errors },
});
const either = (openai: string, gemini: string): Json =>
  content('application/json', { anyOf: [shape(openai), shape(gemini)] });
const json = (name: string): Json => content('application/json', shape(name));

/** The OpenAI-compatible API. */
export const openaiOperations: readonly Operation[] = [
  operation({
    id: 'createChatCompletion',
    method: 'post',
    path: '/v1/chat/completions',
    aliases: ['/v1beta/openai/chat/completions'],
    summary: 'Answers a chat',
    description:
      'Served by Gemini’s own OpenAI-compatible endpoint. With `"stream": true` server-sent events that end with `data: [DONE]`; a stream that cannot be completed ends with an error event and a broken connection instead.',
    requestBody: jsonBody(shape('ChatCompletionRequest'), {
      hello: { model: 'gemini-2.5-flash', messages: [{ role: 'user', content: 'Hello' }] },
      stream: { model: 'gemini-2.5-flash', stream: true, messages: [{ role: 'user', content: 'Hello' }] },
    }),
    responses: {
      200: answer(
        'The answer, whole or as a stream.',
        { ...json('ChatCompletion'), ...content('text/event-stream', { type: 'string' }) },
        HEADERS,
      ),
    },
  }),
  operation({
    id: 'createEmbeddings',
    method: 'post',
    path: '/v1/embeddings',
    aliases: ['/v1beta/openai/embeddings'],
    summary: 'Embeds texts',
    requestBody: jsonBody(shape('EmbeddingsRequest'), { hello: { model: 'gemini-embedding-001', input: 'Hello' } }),
    responses: { 200: answer('The embeddings.', json('EmbeddingsResponse'), HEADERS) },
  }),
  operation({
    id: 'listModelsV1',
    method: 'get',
    path: '/v1/models',
    summary: 'Lists the models',
    description: BY_AUTHENTICATION,
    responses: { 200: answer('The models.', either('OpenAIModelList', 'ModelList'), HEADERS) },
  }),
  operation({
    id: 'getModelV1',
    method: 'get',
    path: '/v1/models/{model}',
    summary: 'Tells about a model',
    description: BY_AUTHENTICATION,
    responses: { 200: answer('The model.', either('OpenAIModel', 'Model'), HEADERS) },
  }),
  operation({
    id: 'listOpenAIModels',
    method: 'get',
    path: '/v1beta/openai/models',
    summary: 'Lists the models in OpenAI’s dialect',
    responses: { 200: answer('The models.', json('OpenAIModelList'), HEADERS) },
  }),
  operation({
    id: 'getOpenAIModel',
    method: 'get',
    path: '/v1beta/openai/models/{model}',
    summary: 'Tells about a model in OpenAI’s dialect',
    responses: { 200: answer('The model.', json('OpenAIModel'), HEADERS) },
  }),
];
