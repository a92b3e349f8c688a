import { answer, content, type Json, type Operation, problems, shape } from '../domain/operation.js';

const JOURNAL = { served: 'nest', tag: 'Healing', access: 'admin', method: 'get' } as const;
const REFUSALS = ['UNAUTHENTICATED', 'FORBIDDEN'] as const;
const json = (name: string): Json => content('application/json', shape(name));
const page = [
  {
    name: 'limit',
    in: 'query',
    description: 'Most entries on the page.',
    schema: { type: 'integer', minimum: 1, maximum: 1000, default: 50 },
  },
  { name: 'cursor', in: 'query', description: '`next_cursor` of the page before.', schema: { type: 'string' } },
];
const EVENT =
  'retry: 3000\n\nid: 1795907932115\nevent: heal_run\ndata: {"number":1795907932115,"id":"d2a9837166b1969b","kind":"heal_run","status":"OK"}\n\n';

/** What administrators see of what was done. */
export const journalOperations: readonly Operation[] = [
  {
    ...JOURNAL,
    id: 'listHealRuns',
    path: '/self/heal/runs',
    summary: 'Lists the heals of all lives, newest first',
    parameters: page,
    responses: { 200: answer('A page of heals.', json('HealRunPage')), ...problems('BAD_REQUEST', ...REFUSALS) },
  },
  {
    ...JOURNAL,
    id: 'getHealRun',
    path: '/self/heal/runs/{run_id}',
    summary: 'Shows one heal',
    responses: {
      200: answer('The heal.', json('KeptHealRun')),
      ...problems('NOT_FOUND', 'STORE_UNAVAILABLE', ...REFUSALS),
    },
  },
  {
    ...JOURNAL,
    id: 'listJournal',
    path: '/self/journal',
    summary: 'Lists all that was done to the node, newest first',
    description:
      'Heals, verdicts on them, heals that were declined, ends of lives, what administrators did, and alerts.',
    parameters: [
      ...page,
      {
        name: 'kind',
        in: 'query',
        description: 'Kinds to list, with commas between them; all when absent.',
        schema: { type: 'string' },
        example: 'heal_run,admin_action',
      },
    ],
    responses: { 200: answer('A page of the journal.', json('JournalPage')), ...problems('BAD_REQUEST', ...REFUSALS) },
  },
  {
    ...JOURNAL,
    id: 'followEvents',
    path: '/self/events',
    summary: 'Follows the journal as it is written',
    description:
      'Server-sent events named after the kinds of the journal, with the number as `id`. Who comes back with `Last-Event-ID` gets what it missed, or `resync` (`{"oldest","latest"}`) where that is too long ago: read `/self/journal` then. `heal_progress` (`{"run_id","step","state","result"}`) and `circuit_changed` (`{"circuit","from","to"}`) have no id and are not told again.',
    parameters: [
      {
        name: 'Last-Event-ID',
        in: 'header',
        description: 'The `id` that was seen last; only new events when absent.',
        schema: { type: 'string' },
      },
      {
        name: 'last_event_id',
        in: 'query',
        description: 'The same for tools that cannot set the header, which wins.',
        schema: { type: 'string' },
      },
    ],
    responses: {
      200: answer(
        'Events until one side leaves; a comment every 15 s.',
        content('text/event-stream', { type: 'string' }, EVENT),
      ),
      ...problems('OVERLOADED', 'DRAINING', ...REFUSALS),
    },
  },
];
