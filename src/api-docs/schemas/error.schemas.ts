import { ERROR_CODES } from '../../kernel/error-codes.js';
import { type Json } from '../domain/operation.js';

const REQUEST_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

/** Errors in the three dialects. */
export const errorSchemas: Json = {
  Problem: {
    description: 'An error of the node’s own routes (RFC 9457).',
    type: 'object',
    required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'request_id'],
    properties: {
      type: { type: 'string', description: 'Address of the description of the code, relative to the node.' },
      title: { type: 'string', description: 'The same for every occurrence of the code.' },
      status: { type: 'integer', minimum: 400, maximum: 599 },
      detail: { type: 'string', description: 'What was wrong this time.' },
      instance: { type: 'string', description: 'The path that was asked for.' },
      code: {
        type: 'string',
        description: `Stable. The node’s own codes are ${Object.keys(ERROR_CODES).join(', ')}; errors of Gemini carry its reason or status name.`,
      },
      request_id: { type: 'string', description: 'The same as in the header `x-request-id` and in the log.' },
      retry_after_seconds: { type: 'integer', minimum: 0, description: 'Present where waiting helps.' },
    },
    example: {
      type: '/docs/errors#not_found',
      title: ERROR_CODES.NOT_FOUND.title,
      status: 404,
      detail: 'There is no item with this key.',
      instance: '/memory/greeting',
      code: 'NOT_FOUND',
      request_id: REQUEST_ID,
    },
  },
  GeminiError: {
    description:
      'An error on the native surface. Errors of Gemini keep their status, message and details; those of the node carry their code in `ErrorInfo.reason` with `domain: "l104"`, and the wait in `RetryInfo`.',
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['code', 'message', 'status'],
        properties: {
          code: { type: 'integer', description: 'The HTTP status.' },
          message: { type: 'string' },
          status: { type: 'string', description: 'A canonical google.rpc name.' },
          details: { type: 'array', items: { type: 'object', properties: { '@type': { type: 'string' } } } },
        },
      },
    },
    example: {
      error: {
        code: 504,
        message: 'No whole answer within 600000 ms.',
        status: 'DEADLINE_EXCEEDED',
        details: [
          { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'DEADLINE_EXCEEDED', domain: 'l104' },
          { '@type': 'type.googleapis.com/google.rpc.RequestInfo', requestId: REQUEST_ID },
        ],
      },
    },
  },
  OpenAIError: {
    description: 'An error on the OpenAI-compatible surface: an object, never an array.',
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['message', 'type', 'code', 'param'],
        properties: {
          message: { type: 'string' },
          type: { enum: ['invalid_request_error', 'authentication_error', 'rate_limit_error', 'server_error'] },
          code: { type: 'string', description: 'The node’s code, or Gemini’s reason or status name.' },
          param: { type: ['string', 'null'] },
          status: { type: 'string', description: 'A canonical google.rpc name.' },
          details: { type: 'array', items: { type: 'object' } },
        },
      },
    },
    example: {
      error: {
        message: 'The API key is not one of the keys this node accepts.',
        type: 'authentication_error',
        code: 'UNAUTHENTICATED',
        param: null,
        status: 'UNAUTHENTICATED',
        details: [],
      },
    },
  },
};
