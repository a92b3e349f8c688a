import { CAUSES } from '../../kernel/cause.js';
import { HEAL_LEVELS } from '../../kernel/heal-level.js';
import { type Json } from '../domain/operation.js';
import { whole } from './whole.js';

const text = { type: 'string' };
const words = { type: 'array', items: text };
const count = { type: 'integer', minimum: 0 };
const moment = { type: 'string', format: 'date-time' };
const level = { enum: HEAL_LEVELS };
const cause = { enum: CAUSES };
const orNull = (type: string): Json => ({ type: [type, 'null'] });
const facts = {
  type: 'object',
  description: 'Few plain values, none of them secret.',
  additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
};
const planned = {
  type: 'array',
  items: whole({
    name: text,
    level,
    runs: { type: 'boolean' },
    reason: text,
    option: { type: ['string', 'null'], description: 'The parameter of `POST /self/heal` that switches it on or off.' },
    cures: { type: 'array', items: cause },
    before: facts,
  }),
};

/** Shapes of plans and the diagnosis. */
export const healSchemas: Json = {
  HealPlan: whole({
    dry_run: { const: true },
    cause: { enum: [...CAUSES, null] },
    steps: planned,
    left_out: planned,
  }),
  Diagnosis: whole({
    timestamp: moment,
    state: { enum: ['starting', 'healthy', 'degraded', 'unhealthy', 'draining'] },
    summary: text,
    conditions: {
      type: 'array',
      items: whole({
        name: text,
        cause,
        severity: { enum: ['degraded', 'unhealthy'] },
        reason: text,
        advice: orNull('string'),
        since: moment,
        evidence: facts,
        would: {
          type: 'object',
          required: ['action', 'levels'],
          description: 'What the node does about it next, or why it does nothing.',
          properties: {
            action: { enum: ['heal', 'restart', 'none'] },
            level,
            levels: { type: 'array', items: level },
            tried: { enum: [...HEAL_LEVELS, null] },
            steps: words,
            why: text,
          },
        },
      }),
    },
    auto_heal_enabled: { type: 'boolean' },
    watchdog: whole({ enabled: { type: 'boolean' }, interval_seconds: { type: 'number' } }),
    restarts: whole({
      within_period: count,
      limit: count,
      period_seconds: { type: 'number' },
      refused: orNull('string'),
    }),
    last_life: {
      type: ['object', 'null'],
      description: 'How the life of the node before this one ended.',
      properties: {
        life: text,
        pid: count,
        end: { ...text, description: 'drained, healed, stalled, bug, killed or unstarted.' },
        cause: text,
        reason: text,
        code: orNull('integer'),
        ended_at: moment,
      },
    },
  }),
};
