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
const TAGGED = [...HEADERS, 'etag'];
const LIMIT = {
  name: 'limit',
  in: 'query',
  schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
};
const CURSOR = {
  name: 'cursor',
  in: 'query',
  description: '`next_cursor` of the page before.',
  schema: { type: 'string' },
};
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

/** The memory: items and conversations. */
export const memoryOperations: readonly Operation[] = [
  {
    ...MEMORY,
    id: 'putMemory',
    method: 'post',
    path: '/memory',
    summary: 'Stores a value under a key',
    description:
      'Replaces what was there. The answer comes when the value is durable. With `If-Match` or `If-None-Match: *` it is stored only where the item is as expected, so that two writers do not overwrite each other unseen.',
    parameters: ['if-match', 'if-none-match'].map(parameter),
    requestBody: jsonBody(shape('MemoryWrite'), { greeting: { key: 'greeting', value: 'Hello' } }),
    responses: {
      200: answer('The value is stored.', json('MemoryDone', { status: 'SUCCESS', key: 'greeting' }), TAGGED),
      ...problems('BAD_REQUEST', 'PRECONDITION_FAILED', 'REQUEST_TOO_LARGE', ...STORE_ERRORS),
    },
  },
  {
    ...MEMORY,
    id: 'listMemory',
    method: 'get',
    path: '/memory',
    summary: 'Lists the items, newest first',
    description:
      'With client keys configured, those of the client. A page of large values ends before its limit: only `next_cursor` tells whether there is more.',
    parameters: [
      LIMIT,
      CURSOR,
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
    parameters: [{ ...ITEM, required: true, description: 'The key of the item.' }, parameter('if-match')],
    responses: {
      200: answer('The item is gone.', json('MemoryDone'), HEADERS),
      ...problems('BAD_REQUEST', 'NOT_FOUND', 'PRECONDITION_FAILED', ...STORE_ERRORS),
    },
  },
  {
    ...MEMORY,
    id: 'getMemory',
    method: 'get',
    path: '/memory/{key}',
    route: '/memory/{rest}',
    summary: 'Reads an item',
    parameters: [KEY, parameter('if-none-match'), parameter('if-match')],
    responses: {
      200: answer('The item.', json('MemoryItem'), TAGGED),
      304: answer('The reader has the item as it is.', undefined, TAGGED),
      ...problems('BAD_REQUEST', 'NOT_FOUND', 'PRECONDITION_FAILED', ...STORE_ERRORS),
    },
  },
  {
    ...MEMORY,
    id: 'deleteMemory',
    method: 'delete',
    path: '/memory/{key}',
    route: '/memory/{rest}',
    summary: 'Removes an item',
    parameters: [KEY, parameter('if-match')],
    responses: {
      200: answer('The item is gone.', json('MemoryDone'), HEADERS),
      ...problems('BAD_REQUEST', 'NOT_FOUND', 'PRECONDITION_FAILED', ...STORE_ERRORS),
    },
  },
  {
    ...MEMORY,
    id: 'listSessions',
    method: 'get',
    path: '/memory/sessions/',
    route: '/memory/{rest}',
    summary: 'Lists the conversations, the last used first',
    description: 'Also at `/memory/sessions`, unless an item has the key `sessions`.',
    parameters: [LIMIT, CURSOR],
    responses: {
      200: answer('A page of conversations.', json('SessionPage'), HEADERS),
      ...problems('BAD_REQUEST', ...STORE_ERRORS),
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
