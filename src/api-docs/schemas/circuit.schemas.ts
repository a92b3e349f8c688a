import { type Json } from '../domain/operation.js';

const moment = { type: ['string', 'null'], format: 'date-time' };
const count = { type: 'integer', minimum: 0 };

/** Shapes of circuits. */
export const circuitSchemas: Json = {
  Circuit: {
    type: 'object',
    required: [
      'name',
      'state',
      'since',
      'reason',
      'remaining_seconds',
      'next_probe_at',
      'probes_in_flight',
      'counts',
      'totals',
      'last_success_at',
      'p95_ms',
      'calls_per_minute',
      'hours',
    ],
    additionalProperties: false,
    properties: {
      name: { type: 'string' },
      state: { enum: ['closed', 'open', 'half_open', 'isolated', 'disabled'] },
      since: { type: 'string', format: 'date-time' },
      reason: {
        type: ['object', 'null'],
        properties: { rule: { type: 'string' }, cause: { type: ['string', 'null'] } },
      },
      remaining_seconds: { type: ['integer', 'null'], description: 'Until the next call may be let through.' },
      next_probe_at: { type: ['string', 'null'], format: 'date-time' },
      probes_in_flight: count,
      counts: {
        type: 'object',
        properties: { calls: count, failures: count, slow: count, consecutive_failures: count },
      },
      totals: { type: 'object', properties: { opened: count, rejected: count, lost_probes: count } },
      last_success_at: {
        ...moment,
        description: 'When it last gave a whole answer; null when that is not known.',
      },
      p95_ms: {
        type: ['number', 'null'],
        description: 'One in twenty of its first words took longer lately; null when too few came.',
      },
      calls_per_minute: { ...count, description: 'Calls to it that ended within the last minute.' },
      hours: {
        type: 'array',
        description: 'The last 24 hours, oldest first; null for hours in which the node did not run.',
        items: {
          type: ['object', 'null'],
          required: ['at', 'calls', 'failures', 'refusals', 'out_seconds'],
          additionalProperties: false,
          properties: {
            at: { type: 'string', format: 'date-time' },
            calls: count,
            failures: count,
            refusals: { ...count, description: 'Those refused for want of quota.' },
            out_seconds: { ...count, description: 'How long in it the target was open, half open or isolated.' },
          },
        },
      },
    },
  },
};
