import { answer, content, type Json, jsonBody, type Operation, parameter, shape } from '../domain/operation.js';

const TAG = 'Gemini API';
const HEADERS = [
  ...['server-timing', 'x-l104-attempts', 'x-l104-model', 'x-l104-healing', 'age'],
  ...['ratelimit-policy', 'ratelimit'],
];
const HELLO = { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] };
const OPTIONS = ['x-l104-deadline-ms', 'x-server-timeout', 'x-l104-cache', 'traceparent', 'x-request-id'].map(
  parameter,
);

const errors: Json = {
  '4XX': { $ref: '#/components/responses/GeminiClientError' },
  '5XX': { $ref: '#/components/responses/GeminiServerError' },
};
const operation = (rest: Omit<Operation, 'served' | 'tag' | 'access'>): Operation => ({
  ...rest,
  served: 'front',
  tag: TAG,
  access: 'client',
  parameters: [...(rest.parameters ?? []), ...OPTIONS],
  responses: { ...rest.responses, ...errors },
});
const modelCall = (verb: string): Pick<Operation, 'method' | 'path' | 'aliases'> => ({
  method: 'post',
  path: `/v1beta/models/{model}:${verb}`,
  aliases: [`/v1/models/{model}:${verb}`],
});
const json = (name: string, example?: unknown): Json => content('application/json', shape(name), example);
const ANSWER = {
  candidates: [{ content: { role: 'model', parts: [{ text: 'Hello!' }] }, finishReason: 'STOP', index: 0 }],
  usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2, totalTokenCount: 3 },
  modelVersion: 'gemini-2.5-flash',
};
const carried = answer('What Gemini answers, unchanged.', content('*/*', {}), HEADERS);

/** Everything else of the API of Gemini. */
const passthrough: readonly Operation[] = (['get', 'post', 'patch', 'delete'] as const).map((method) =>
  operation({
    id: `passthrough_${method}`,
    method,
    path: '/v1beta/{rest}',
    aliases: method === 'get' || method === 'post' ? ['/upload/{rest}'] : [],
    summary: 'Passes everything else through',
    description:
      'Files, cached contents, tuned models, interactions, operations and methods that are yet to come: any path below, of any depth, is carried to Gemini and its answer back, byte for byte and of any size. Upload addresses that Gemini hands out lead through the node.',
    responses: { 200: carried },
  }),
);

/** The native API of Gemini. */
export const nativeOperations: readonly Operation[] = [
  operation({
    id: 'generateContent',
    ...modelCall('generateContent'),
    summary: 'Generates an answer',
    description: 'Also under `tunedModels/{model}`. The body passes through byte for byte.',
    requestBody: jsonBody(shape('GenerateContentRequest'), {
      hello: HELLO,
      system: { ...HELLO, systemInstruction: { parts: [{ text: 'Answer in one word.' }] } },
    }),
    responses: { 200: answer('The whole answer.', json('GenerateContentResponse', ANSWER), HEADERS) },
  }),
  operation({
    id: 'streamGenerateContent',
    ...modelCall('streamGenerateContent'),
    summary: 'Generates an answer and streams it',
    description:
      'With `alt=sse` server-sent events, without a JSON array that grows. A stream that cannot be completed ends with an error in its dialect and a broken connection, never with a clean end.',
    parameters: [{ name: 'alt', in: 'query', schema: { enum: ['sse'] }, example: 'sse' }],
    requestBody: jsonBody(shape('GenerateContentRequest'), { hello: HELLO }),
    responses: {
      200: answer(
        'The answer, event by event as it arrives.',
        {
          ...content('text/event-stream', { type: 'string' }, `data: ${JSON.stringify(ANSWER)}\r\n\r\n`),
          ...content('application/json', { type: 'array', items: shape('GenerateContentResponse') }),
        },
        HEADERS,
      ),
    },
  }),
  operation({
    id: 'countTokens',
    ...modelCall('countTokens'),
    summary: 'Counts tokens',
    requestBody: jsonBody(shape('CountTokensRequest'), { hello: HELLO }),
    responses: { 200: answer('The count.', json('CountTokensResponse', { totalTokens: 1 }), HEADERS) },
  }),
  operation({
    id: 'embedContent',
    ...modelCall('embedContent'),
    summary: 'Embeds one text',
    requestBody: jsonBody(shape('EmbedContentRequest'), { hello: { content: { parts: [{ text: 'Hello' }] } } }),
    responses: {
      200: answer(
        'The embedding.',
        content('application/json', { type: 'object', properties: { embedding: shape('ContentEmbedding') } }),
        HEADERS,
      ),
    },
  }),
  operation({
    id: 'batchEmbedContents',
    ...modelCall('batchEmbedContents'),
    summary: 'Embeds several texts',
    requestBody: jsonBody(
      { type: 'object', properties: { requests: { type: 'array', items: shape('EmbedContentRequest') } } },
      { hello: { requests: [{ model: 'models/gemini-embedding-001', content: { parts: [{ text: 'Hello' }] } }] } },
    ),
    responses: {
      200: answer(
        'The embeddings, in the order of the texts.',
        content('application/json', {
          type: 'object',
          properties: { embeddings: { type: 'array', items: shape('ContentEmbedding') } },
        }),
        HEADERS,
      ),
    },
  }),
  operation({
    id: 'listModels',
    method: 'get',
    path: '/v1beta/models',
    summary: 'Lists the models',
    parameters: [
      { name: 'pageSize', in: 'query', schema: { type: 'integer' } },
      { name: 'pageToken', in: 'query', schema: { type: 'string' } },
    ],
    responses: { 200: answer('A page of models.', json('ModelList'), HEADERS) },
  }),
  operation({
    id: 'getModel',
    method: 'get',
    path: '/v1beta/models/{model}',
    summary: 'Tells what a model can do',
    responses: { 200: answer('The model.', json('Model'), HEADERS) },
  }),
  ...passthrough,
];
