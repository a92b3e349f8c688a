import { type Json, shape } from './domain/operation.js';
import { clientSchemas } from './schemas/client.schemas.js';
import { errorSchemas } from './schemas/error.schemas.js';
import { modelSchemas } from './schemas/model.schemas.js';
import { healSchemas } from './schemas/heal.schemas.js';
import { nodeSchemas } from './schemas/node.schemas.js';
import { circuitSchemas } from './schemas/circuit.schemas.js';
import { alertSchemas } from './schemas/alert.schemas.js';
import { overviewSchemas } from './schemas/overview.schemas.js';
import { journalSchemas } from './schemas/journal.schemas.js';
import { sessionSchemas } from './schemas/session.schemas.js';
import { simulatorSchemas } from './schemas/simulator.schemas.js';

const text = { type: 'string' };
const whole = { type: 'integer', minimum: 0 };
const header = (description: string, schema: Json = text): Json => ({ description, schema });
const request = (name: string, description: string, schema: Json = text): Json => ({
  name,
  in: 'header',
  description,
  schema,
});

const headers: Json = {
  'x-request-id': header('Identity of the request: the one it came with, or a new one. The log has it too.'),
  traceparent: header('W3C trace context.'),
  'x-l104-upstream': header('Who answers the calls to models.', { enum: ['gemini', 'simulator'] }),
  'x-l104-model': header('The model that was asked, by its name in the path.'),
  'x-l104-attempts': header('Attempts at the upstream when the head was sent.', whole),
  'x-l104-healing': header(
    'What the answer needed: a comma list of `retry`, `failover`, `coalesced` (the answer to an identical call in flight), `stale` (an earlier answer in place of a failure). Absent when nothing was needed.',
  ),
  'x-l104-replayed': header('The answer was stored before, for the same Idempotency-Key: nobody was asked.', {
    enum: ['true'],
  }),
  etag: header('Names the item as the last write made it; no other write has the same.'),
  'set-cookie': header('`l104_session`: HttpOnly, SameSite=Strict, and Secure where the request came over HTTPS.'),
  age: header('Seconds since an earlier answer (`stale`) was given first.', whole),
  'server-timing': header('Milliseconds in the node, its queue and the upstream, and the attempts so far.'),
  'ratelimit-policy': header('The limit of this client: `q` requests in a window of `w` seconds.'),
  ratelimit: header('What is left of it: `r` requests, and no more within `t` seconds.'),
  'x-ratelimit-limit-requests': header('The limit of this client, in OpenAI’s words.', whole),
  'x-ratelimit-remaining-requests': header('Requests left of it.', whole),
  'x-ratelimit-reset-requests': header('Time until all of them are there again, such as `6m0s`.'),
  'retry-after': header('Seconds after which another try can help.', whole),
  'retry-after-ms': header('The same in milliseconds.', whole),
  'x-should-retry': header('`false` where the client’s own retries would not help.', { enum: ['false'] }),
};

const parameters: Json = {
  'if-match': request('If-Match', 'ETags of which the item must have one, or `*`: there must be one; else 412.'),
  'if-none-match': request(
    'If-None-Match',
    'On a write `*`: there must be no such item, else 412. On a read the ETags that the reader has: 304 where nothing has changed.',
  ),
  'idempotency-key': request(
    'Idempotency-Key',
    '1 to 255 visible characters, with `session_id`: the same request sent again under it gets the stored answer, and is stored once. 409 while it is being answered, 422 for another request.',
  ),
  'x-l104-deadline-ms': request(
    'x-l104-deadline-ms',
    'Time for the whole call, ms. Of this, the SDKs’ own headers and the node’s limit the smallest counts.',
    { type: 'number', exclusiveMinimum: 0 },
  ),
  'x-server-timeout': request('X-Server-Timeout', 'The same in seconds, as Google’s SDKs send it.', { type: 'number' }),
  'x-stainless-timeout': request('X-Stainless-Timeout', 'The same in seconds, as OpenAI’s SDKs send it.', {
    type: 'number',
  }),
  'x-l104-cache': request(
    'x-l104-cache',
    '`off`: the answer to this call is neither shared with an identical call nor kept, nor replaced by an earlier one, where the node does so.',
    { enum: ['off'] },
  ),
  'x-request-id': request('x-request-id', 'Identity to give the request, up to 128 safe characters.'),
  traceparent: request('traceparent', 'W3C trace context to go on with.'),
};

const errorHeaders = Object.fromEntries(
  ['x-request-id', 'ratelimit-policy', 'ratelimit', 'retry-after', 'retry-after-ms', 'x-should-retry'].map((name) => [
    name,
    { $ref: `#/components/headers/${name}` },
  ]),
);
const errorAnswer = (description: string, type: string, name: string): Json => ({
  description,
  headers: errorHeaders,
  content: { [type]: { schema: shape(name) } },
});
const CLIENT =
  'The request is at fault, or a quota or the limit of this client is used up (429): told by Gemini or by the node.';
const SERVER = 'Gemini, the way to it or the node is at fault.';

const responses: Json = {
  GeminiClientError: errorAnswer(CLIENT, 'application/json', 'GeminiError'),
  GeminiServerError: errorAnswer(SERVER, 'application/json', 'GeminiError'),
  OpenAIClientError: errorAnswer(CLIENT, 'application/json', 'OpenAIError'),
  OpenAIServerError: errorAnswer(SERVER, 'application/json', 'OpenAIError'),
  UpstreamProblem: errorAnswer(
    'An error of Gemini, with its status and message.',
    'application/problem+json',
    'Problem',
  ),
};

const bearer = (description: string): Json => ({ type: 'http', scheme: 'bearer', description });
const CLIENT_KEY =
  'One of CLIENT_API_KEYS; or, where the node has no Gemini key of its own, the client’s Gemini key. Not needed where the node has its own key and CLIENT_API_KEYS is unset.';

const securitySchemes: Json = {
  googleKey: { type: 'apiKey', in: 'header', name: 'x-goog-api-key', description: CLIENT_KEY },
  queryKey: { type: 'apiKey', in: 'query', name: 'key', description: 'The same key in the query.' },
  clientToken: bearer('The same key as OpenAI’s SDKs send it.'),
  adminToken: bearer(
    'ADMIN_TOKEN. Where none is set, only direct calls from this machine are let in. Who tries many wrong ones for a short one is told to wait (429).',
  ),
  adminSession: {
    type: 'apiKey',
    in: 'cookie',
    name: 'l104_session',
    description: 'What signing in gives (POST /self/session); counts for pages of the node alone.',
  },
  metricsToken: bearer('METRICS_TOKEN. Where none is set, everybody is let in; administrators always are.'),
};

/** What the operations refer to. */
export const components: Json = {
  schemas: {
    ...errorSchemas,
    ...clientSchemas,
    ...healSchemas,
    ...nodeSchemas,
    ...circuitSchemas,
    ...journalSchemas,
    ...overviewSchemas,
    ...alertSchemas,
    ...sessionSchemas,
    ...simulatorSchemas,
    ...modelSchemas,
  },
  headers,
  parameters,
  responses,
  securitySchemes,
};
