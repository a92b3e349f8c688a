import { ENTRY_KINDS } from '../../heal/index.js';
import { CAUSES } from '../../kernel/cause.js';
import { HEAL_LEVELS } from '../../kernel/heal-level.js';
import { type Json, shape } from '../domain/operation.js';

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const moment = { type: 'string', format: 'date-time' };
const texts = (description: string): Json => ({ type: 'array', description, items: text });
const facts = (description: string): Json => ({
  type: 'object',
  description,
  additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
});
const number = { ...count, description: 'Its place in the journal: about the wall clock’s milliseconds.' };
const runId = { type: 'string', example: 'd2a9837166b1969b' };

/** Members of a heal that has run. */
const RUN: Json = {
  run_id: runId,
  status: { enum: ['OK', 'PARTIAL', 'FAILED'] },
  actions: texts('Names of the steps that succeeded.'),
  timestamp: moment,
  by: { ...text, example: 'admin', description: '`admin`, or the part of the node that decided on it.' },
  level: { enum: HEAL_LEVELS },
  cause: { enum: [...CAUSES, null], example: 'connection_fault', description: 'Null when nothing was wrong.' },
  reason: text,
  evidence: facts('What the cause was seen by.'),
  steps: {
    type: 'array',
    items: {
      type: 'object',
      required: ['name', 'level', 'result', 'duration_ms', 'before', 'after'],
      properties: {
        name: { ...text, example: 'http_client_reset' },
        level: { enum: HEAL_LEVELS },
        result: { enum: ['ok', 'failed', 'timeout'] },
        duration_ms: count,
        before: facts('Few plain values that the step shows of its part.'),
        after: facts('The same after it.'),
        detail: { ...text, description: 'Why it failed, or what is still not well.' },
      },
      additionalProperties: false,
    },
  },
  duration_ms: count,
  before: texts('What was not well before it.'),
  after: texts('What was not well after it.'),
  verdict: { enum: ['cured', 'not_cured', 'pending', 'unproven', 'no_fault'] },
  verdict_reason: text,
};

const pageOf = (items: Json): Json => ({
  type: 'object',
  required: ['items', 'next_cursor', 'complete'],
  additionalProperties: false,
  properties: {
    items: { type: 'array', items },
    next_cursor: { type: ['string', 'null'], description: 'The `cursor` of the next page; null on the last.' },
    complete: {
      type: 'boolean',
      description: 'False while the store cannot be used: what is told is then in memory alone, in part or in whole.',
    },
  },
});

/** Shapes of the journal. */
export const journalSchemas: Json = {
  HealRun: { type: 'object', required: Object.keys(RUN), properties: RUN, additionalProperties: false },
  KeptHealRun: {
    type: 'object',
    required: ['number', ...Object.keys(RUN)],
    properties: { number, ...RUN, node: { ...text, example: 'prod-1', description: 'Name of the node that ran it.' } },
    additionalProperties: false,
  },
  HealRunPage: pageOf(shape('KeptHealRun')),
  JournalEntry: {
    type: 'object',
    description: 'Other members are those of the kind: of a heal, its run; of `admin_action`, who did what.',
    required: ['number', 'id', 'kind'],
    properties: {
      number,
      id: runId,
      kind: { enum: ENTRY_KINDS },
      node: { ...text, example: 'prod-1', description: 'Name of the node that wrote it.' },
      timestamp: moment,
      action: { ...text, example: 'POST /self/circuits/:name/isolate' },
      target: text,
      outcome: { ...count, example: 200, description: 'HTTP status of an `admin_action`.' },
      who: {
        ...text,
        example: 'token:3f9c2d71',
        description: '`token:` and the beginning of its SHA-256, `session:` and its id, `loopback` or `nobody`.',
      },
      address: text,
      request_id: text,
      refused_before: {
        ...count,
        description: 'Refused attempts since the one told before, which are told only by their number.',
      },
    },
    additionalProperties: true,
  },
  JournalPage: pageOf(shape('JournalEntry')),
};
