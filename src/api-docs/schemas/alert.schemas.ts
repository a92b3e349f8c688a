import { type Json } from '../domain/operation.js';
import { whole } from './whole.js';

const text = { type: 'string' };
const moment = { type: 'string', format: 'date-time' };
const maybe = { type: ['string', 'null'], format: 'date-time' };
const severity = { enum: ['critical', 'warning', 'info'] };
const silence = whole({
  id: { ...text, example: '1f0c2d7a9b3e4c55' },
  alert: { type: ['string', 'null'], example: 'CircuitOpen', description: 'Null: all of them.' },
  until: moment,
  reason: text,
  who: text,
});

/** Shapes of the alerts. */
export const alertSchemas: Json = {
  Silence: silence,
  Silences: whole({ silences: { type: 'array', items: silence } }),
  AlertTest: whole({
    status: { enum: ['OK', 'PARTIAL', 'FAILED'] },
    channels: {
      type: 'array',
      items: whole({ name: text, result: { enum: ['ok', 'failed'] }, error: { type: ['string', 'null'] } }),
    },
  }),
  Alerts: whole({
    alerts: {
      type: 'array',
      description: 'Worst first; behind them what has ended within the last hour.',
      items: whole({
        name: { ...text, example: 'CircuitOpen' },
        severity,
        state: { enum: ['pending', 'firing', 'resolved'] },
        summary: text,
        description: text,
        labels: { type: 'object', additionalProperties: text },
        since: moment,
        resolved_at: maybe,
        runbook: { ...text, example: '/docs/runbooks#circuitopen' },
        silenced_until: maybe,
      }),
    },
    silences: { type: 'array', items: silence },
    channels: {
      type: 'array',
      items: whole({
        name: { ...text, example: 'webhook' },
        enabled: { type: 'boolean', description: 'Whether it has been given an address.' },
        last_success: maybe,
        last_error: { type: ['string', 'null'] },
        waiting: { type: 'integer', minimum: 0 },
      }),
    },
    rules: {
      type: 'array',
      items: whole({ name: text, severity, for_seconds: { type: 'number', minimum: 0 }, summary: text }),
    },
  }),
};
