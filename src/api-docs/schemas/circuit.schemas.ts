import { type Json } from '../domain/operation.js';

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
    },
  },
};
