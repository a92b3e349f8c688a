import {
  answer,
  content,
  type Json,
  jsonBody,
  type Operation,
  parameter,
  problems,
  shape,
} from '../domain/operation.js';

const json = (name: string, example?: unknown): Json => content('application/json', shape(name), example);
const MEMORY = { served: 'nest', tag: 'Memory', access: 'client' } as const;
const STORE_ERRORS = ['UNAUTHENTICATED', 'RATE_LIMITED', 'STORE_UNAVAILABLE', 'INTERNAL'] as const;
const HEADERS = ['ratelimit-policy', 'ratelimit'];
const KEY = {
  name: 'key',
  in: 'path',
  required: true,
  description:
    'Everything behind `/memory/`, percent-decoded once. The key `sessions/x` is written `sessions%2Fx`; any key whatever can be given as `/memory?item={key}`.',
  schema: { type: 'string' },
};
const ITEM = {
  name: 'item',
  in: 'query',
  description: 'A key: the answer is about that item.',
  schema: { type: 'string' },
};

const answers: Operation = {
  id: 'answer',
  method: 'post',
  path: '/api/v6/stream',
  aliases: ['/api/stream'],
  served: 'nest',
  tag: 'Answers',
  access: 'client',
  summary: 'Answers a message',
  description:
    'The node’s own endpoint: a message in, an answer out, as events or, with `Accept: application/json`, as one object. With `session_id` the conversation so far is sent along, and the new turn is stored once the answer is complete.',
  parameters: ['x-l104-deadline-ms', 'traceparent', 'x-request-id'].map(parameter),
  requestBody: jsonBody(
    shape('AnswerRequest'),
    {
      hello: { message: 'Hello' },
      conversation: { message: 'And in French?', session_id: 'demo', system: 'Answer in one word.' },
    },
    false,
  ),
  responses: {
    200: answer('The answer.', {
      ...content(
        'text/event-stream',
        shape('AnswerEvents'),
        'event: delta\ndata: {"text":"Hello!"}\n\nevent: done\ndata: {"model":"gemini-2.5-flash","finish_reason":"STOP","usage":null,"attempts":1,"healing":[]}\n\n',
      ),
      ...json('Answer'),
    }),
    ...problems(
      'BAD_REQUEST',
      'UNAUTHENTICATED',
      'RATE_LIMITED',
      'REQUEST_TOO_LARGE',
      'UPSTREAM_UNREACHABLE',
      'UPSTREAM_BROKEN_ANSWER',
      'STREAM_INCOMPLETE',
      'EMPTY_ANSWER',
      'OVERLOADED',
      'DRAINING',
      'STORE_UNAVAILABLE',
      'DEADLINE_EXCEEDED',
      'FIRST_TOKEN_TIMEOUT',
      'STREAM_STALLED',
    ),
    default: { $ref: '#/components/responses/UpstreamProblem' },
  },
};

/** The node's own endpoint and the memory. */
export const clientOperations: readonly Operation[] = [
  answers,
  {
    ...MEMORY,
    id: 'putMemory',
    method: 'post',
    path: '/memory',
    summary: 'Stores a value under a key',
    description: 'Replaces what was there. The answer comes when the value is durable.',
    requestBody: jsonBody(shape('MemoryWrite'), { greeting: { key: 'greeting', value: 'Hello' } }),
    responses: {
      200: answer('The value is stored.', json('MemoryDone', { status: 'SUCCESS', key: 'greeting' }), HEADERS),
      ...problems('BAD_REQUEST', 'REQUEST_TOO_LARGE', ...STORE_ERRORS),
    },
  },
  {
    ...MEMORY,
    id: 'listMemory',
    method: 'get',
    path: '/memory',
    summary: 'Lists the items, newest first',
    parameters: [
      { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 } },
      { name: 'cursor', in: 'query', description: '`next_cursor` of the page before.', schema: { type: 'string' } },
      { name: 'prefix', in: 'query', description: 'Only keys that begin so.', schema: { type: 'string' } },
      ITEM,
    ],
    responses: {
      200: answer('A page of items, or the one item that was asked for.', {
        'application/json': { schema: { anyOf: [shape('MemoryPage'), shape('MemoryItem')] } },
      }),
      ...problems('BAD_REQUEST', 'NOT_FOUND', ...STORE_ERRORS),
    },
  },
  {
    ...MEMORY,
    id: 'deleteMemoryByQuery',
    method: 'delete',
    path: '/memory',
    summary: 'Removes an item',
    parameters: [{ ...ITEM, required: true, description: 'The key of the item.' }],
    responses: {
      200: answer('The item is gone.', json('MemoryDone'), HEADERS),
      ...problems('BAD_REQUEST', 'NOT_FOUND', ...STORE_ERRORS),
    },
  },
  {
    ...MEMORY,
    id: 'getMemory',
    method: 'get',
    path: '/memory/{key}',
    route: '/memory/{rest}',
    summary: 'Reads an item',
    parameters: [KEY],
    responses: {
      200: answer('The item.', json('MemoryItem'), HEADERS),
      ...problems('BAD_REQUEST', 'NOT_FOUND', ...STORE_ERRORS),
    },
  },
  {
    ...MEMORY,
    id: 'deleteMemory',
    method: 'delete',
    path: '/memory/{key}',
    route: '/memory/{rest}',
    summary: 'Removes an item',
    parameters: [KEY],
    responses: {
      200: answer('The item is gone.', json('MemoryDone'), HEADERS),
      ...problems('BAD_REQUEST', 'NOT_FOUND', ...STORE_ERRORS),
    },
  },
  {
    ...MEMORY,
    id: 'getSession',
    method: 'get',
    path: '/memory/sessions/{id}',
    route: '/memory/{rest}',
    summary: 'Reads a conversation',
    responses: {
      200: answer('The turns, oldest first.', json('Session'), HEADERS),
      ...problems('BAD_REQUEST', 'NOT_FOUND', ...STORE_ERRORS),
    },
  },
  {
    ...MEMORY,
    id: 'deleteSession',
    method: 'delete',
    path: '/memory/sessions/{id}',
    route: '/memory/{rest}',
    summary: 'Forgets a conversation',
    responses: {
      200: answer('The conversation is gone.', json('MemoryDone'), HEADERS),
      ...problems('BAD_REQUEST', 'NOT_FOUND', ...STORE_ERRORS),
    },
  },
];
