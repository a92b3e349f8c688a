import { type Json } from '../domain/operation.js';

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const moment = { type: 'string', format: 'date-time' };
const key = { ...text, minLength: 1, description: 'At most MEMORY_KEY_LIMIT characters.', example: 'greeting' };
const value = { ...text, minLength: 1, description: 'At most MEMORY_VALUE_LIMIT characters.', example: 'Hello' };
const usage = {
  type: ['object', 'null'],
  description: 'Null when the model told no usage.',
  required: ['input_tokens', 'output_tokens', 'thought_tokens', 'cached_tokens'],
  properties: { input_tokens: count, output_tokens: count, thought_tokens: count, cached_tokens: count },
};
const done = {
  model: { ...text, description: 'Who answered.' },
  finish_reason: { ...text, example: 'STOP' },
  usage,
  attempts: { type: 'integer', minimum: 1 },
  healing: { type: 'array', items: text, description: 'What was needed; empty when nothing was.' },
};
const replayed = {
  const: true,
  description: 'The answer was given before, to the same Idempotency-Key; the rest tells of how it was made then.',
};

/** Shapes of the node's own endpoint and of the memory. */
export const clientSchemas: Json = {
  AnswerRequest: {
    type: 'object',
    properties: {
      message: { ...text, minLength: 1, maxLength: 100_000, description: 'What the person says.' },
      signal: {
        ...text,
        minLength: 1,
        maxLength: 512,
        description: 'A short message; `HEARTBEAT` when both are absent.',
      },
      model_hint: {
        ...text,
        maxLength: 100,
        pattern: '^[\\w.-]*$',
        description: 'Model to ask; `DEFAULT_MODEL` when absent.',
      },
      session_id: { ...text, pattern: '^[\\w.-]{1,128}$', description: 'Conversation to go on with.' },
      system: { ...text, minLength: 1, maxLength: 100_000, description: 'System instruction.' },
    },
  },
  Answer: {
    type: 'object',
    required: ['text', ...Object.keys(done)],
    properties: { text, ...done, replayed },
    additionalProperties: false,
  },
  AnswerEvents: {
    description:
      'Events `delta` (`{"text"}`), `done` (as `Answer` without `text`) and `error` (`{"code","message","retry_after_seconds"}`). Behind `error` the connection breaks, so that nobody takes it for the end of the answer. In long silences a comment is sent.',
    type: 'string',
  },
  MemoryItem: {
    type: 'object',
    required: ['key', 'value', 'updated_at'],
    properties: { key, value, updated_at: moment },
    additionalProperties: false,
  },
  MemoryWrite: { type: 'object', required: ['key', 'value'], properties: { key, value } },
  MemoryPage: {
    type: 'object',
    required: ['items', 'next_cursor'],
    properties: {
      items: { type: 'array', items: { $ref: '#/components/schemas/MemoryItem' }, description: 'Newest first.' },
      next_cursor: { type: ['string', 'null'], description: 'Null on the last page.' },
    },
    additionalProperties: false,
  },
  MemoryDone: {
    type: 'object',
    required: ['status'],
    properties: { status: { const: 'SUCCESS' }, key, session_id: text },
    additionalProperties: false,
  },
  SessionPage: {
    type: 'object',
    required: ['sessions', 'next_cursor'],
    properties: {
      sessions: {
        type: 'array',
        items: {
          type: 'object',
          required: ['session_id', 'turns', 'created_at', 'updated_at'],
          properties: { session_id: text, turns: count, created_at: moment, updated_at: moment },
          additionalProperties: false,
        },
        description: 'The last used first.',
      },
      next_cursor: { type: ['string', 'null'], description: 'Null on the last page.' },
    },
    additionalProperties: false,
  },
  Session: {
    type: 'object',
    required: ['session_id', 'turns'],
    properties: {
      session_id: text,
      turns: {
        type: 'array',
        items: {
          type: 'object',
          required: ['role', 'text', 'created_at'],
          properties: { role: { enum: ['user', 'model'] }, text, model: {}, usage: {}, created_at: moment },
          additionalProperties: false,
        },
      },
    },
    additionalProperties: false,
  },
};
