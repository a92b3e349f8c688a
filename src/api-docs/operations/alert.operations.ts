import { answer, content, type Json, jsonBody, type Operation, problems, shape } from '../domain/operation.js';

const ALERTS = { served: 'nest', tag: 'Healing', access: 'admin' } as const;
const REFUSALS = ['UNAUTHENTICATED', 'FORBIDDEN'] as const;
const json = (name: string): Json => content('application/json', shape(name));

/** What administrators see and do of alerts. */
export const alertOperations: readonly Operation[] = [
  {
    ...ALERTS,
    id: 'listAlerts',
    method: 'get',
    path: '/self/alerts',
    summary: 'Shows what stands, who is told of it, and the rules',
    responses: { 200: answer('Alerts, silences, channels and rules.', json('Alerts')), ...problems(...REFUSALS) },
  },
  {
    ...ALERTS,
    id: 'testAlerts',
    method: 'post',
    path: '/self/alerts/test',
    summary: 'Sends a test alert through every channel',
    responses: {
      200: answer('It arrived everywhere (`OK`), or at some (`PARTIAL`).', json('AlertTest')),
      500: answer('It arrived nowhere.', json('AlertTest')),
      ...problems(...REFUSALS),
    },
  },
  {
    ...ALERTS,
    id: 'listSilences',
    method: 'get',
    path: '/self/alerts/silences',
    summary: 'Lists the silences that last',
    responses: { 200: answer('The silences.', json('Silences')), ...problems(...REFUSALS) },
  },
  {
    ...ALERTS,
    id: 'addSilence',
    method: 'post',
    path: '/self/alerts/silences',
    summary: 'Has nobody told of an alert, or of any, for a time',
    requestBody: jsonBody(
      {
        type: 'object',
        required: ['duration', 'reason'],
        properties: {
          alert: { type: 'string', description: 'Name of the alert; all when absent.' },
          duration: { type: 'string', description: '1s to 30d.' },
          reason: { type: 'string', minLength: 1, maxLength: 200 },
        },
      },
      { maintenance: { alert: 'CircuitOpen', duration: '1h', reason: 'maintenance at the provider' } },
    ),
    responses: { 201: answer('The silence.', json('Silence')), ...problems('BAD_REQUEST', 'CONFLICT', ...REFUSALS) },
  },
  {
    ...ALERTS,
    id: 'endSilence',
    method: 'delete',
    path: '/self/alerts/silences/{id}',
    summary: 'Ends a silence',
    responses: { 204: answer('It is ended.', undefined), ...problems('NOT_FOUND', ...REFUSALS) },
  },
];
