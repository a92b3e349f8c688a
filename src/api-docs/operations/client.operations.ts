import { memoryOperations } from './memory.operations.js';
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
    'The node’s own endpoint: a message in, an answer out, as events or, with `Accept: application/json`, as one object. With `session_id` the conversation so far is sent along, and the new turn is stored once the answer is complete. Requests to one session do not wait for each other: each is answered from the turns stored when it comes.',
  parameters: ['idempotency-key', 'x-l104-deadline-ms', 'traceparent', 'x-request-id'].map(parameter),
  requestBody: jsonBody(
    shape('AnswerRequest'),
    {
      hello: { message: 'Hello' },
      conversation: { message: 'And in French?', session_id: 'demo', system: 'Answer in one word.' },
    },
    false,
  ),
  responses: {
    200: answer(
      'The answer.',
      {
        ...content(
          'text/event-stream',
          shape('AnswerEvents'),
          'event: delta\ndata: {"text":"Hello!"}\n\nevent: done\ndata: {"model":"gemini-2.5-flash","finish_reason":"STOP","usage":null,"attempts":1,"healing":[]}\n\n',
        ),
        ...json('Answer'),
      },
      ['x-l104-model', 'x-l104-replayed'],
    ),
    ...problems(
      'BAD_REQUEST',
      'UNAUTHENTICATED',
      'CONFLICT',
      'IDEMPOTENCY_KEY_REUSED',
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
export const clientOperations: readonly Operation[] = [answers, ...memoryOperations];
