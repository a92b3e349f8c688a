import { CAUSES } from '../../kernel/cause.js';
import { type Json } from '../domain/operation.js';
import { whole } from './whole.js';

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const moment = { type: 'string', format: 'date-time' };
const counts = { type: 'object', additionalProperties: count };
const known = { type: 'object', additionalProperties: { type: ['number', 'null'] } };
const probe = {
  type: 'object',
  additionalProperties: {
    type: 'object',
    required: ['status'],
    properties: { status: { enum: ['up', 'down'] }, message: text },
  },
};

/** Shapes of health and metrics. */
export const nodeSchemas: Json = {
  Condition: whole({
    name: { ...text, example: 'event_loop' },
    cause: { enum: CAUSES },
    severity: { enum: ['degraded', 'unhealthy'] },
    reason: { ...text, description: 'One sentence, safe to show to anybody.' },
    since: moment,
  }),
  Health: {
    type: 'object',
    required: [
      'status',
      'timestamp',
      'uptime_seconds',
      'requests_total',
      'summary',
      'upstream',
      'version',
      'conditions',
    ],
    properties: {
      status: { enum: ['healthy', 'degraded', 'unhealthy'] },
      state: {
        enum: ['starting', 'healthy', 'degraded', 'unhealthy', 'draining'],
        description: 'Also tells start and end.',
      },
      timestamp: moment,
      uptime_seconds: count,
      requests_total: { ...count, description: 'Requests to the API finished since the start.' },
      summary: { ...text, description: 'The one sentence that page, alerts and command line share.' },
      upstream: { enum: ['gemini', 'simulator'] },
      version: text,
      conditions: { type: 'array', description: 'Worst first.', items: { $ref: '#/components/schemas/Condition' } },
    },
    additionalProperties: false,
    example: {
      status: 'healthy',
      timestamp: '2026-01-01T12:00:00.000Z',
      uptime_seconds: 740,
      requests_total: 3,
      summary: 'Healthy. 3 requests in the last 5 minutes, all answered.',
      upstream: 'simulator',
      version: '0.1.0',
      conditions: [],
    },
  },
  Probe: {
    description: 'What Terminus answers.',
    type: 'object',
    required: ['status'],
    properties: { status: { enum: ['ok', 'error', 'shutting_down'] }, info: probe, error: probe, details: probe },
  },
  MetricsHistory: whole({
    from: { type: 'number', description: 'Seconds since 1970.' },
    to: { type: 'number' },
    step_seconds: { ...count, description: 'Time between two points.' },
    complete: {
      type: 'boolean',
      description: 'False while the store cannot be read: then only what is in memory is told.',
    },
    series: {
      type: 'array',
      items: whole({
        name: { type: 'string' },
        unit: { type: 'string' },
        points: {
          type: 'array',
          description: 'When each step begins, in seconds since 1970, and the value in it; null where it is not known.',
          items: { type: 'array', minItems: 2, maxItems: 2, items: { type: ['number', 'null'] } },
        },
      }),
    },
  }),
  RecentMetrics: whole({
    timestamp: moment,
    window_seconds: count,
    covered_seconds: { ...count, description: 'How much of the window this process has seen.' },
    values: {
      ...known,
      description: 'Each series over the window; null where nothing tells.',
    },
    counts: { ...counts, description: 'By how much counters grew in the window.' },
    gauges: { ...known, description: 'What gauges stand at now.' },
    lines: whole({
      step_seconds: count,
      points: {
        type: 'object',
        description: 'The last hour of each series: when each minute begins, in seconds since 1970, and its value.',
        additionalProperties: {
          type: 'array',
          items: { type: 'array', minItems: 2, maxItems: 2, items: { type: ['number', 'null'] } },
        },
      },
    }),
  }),
  MetricsHistoryList: whole({
    series: {
      type: 'array',
      items: whole({ name: { type: 'string' }, unit: { type: 'string' }, help: { type: 'string' } }),
    },
    resolutions: {
      type: 'array',
      items: whole({ step_seconds: count, kept_days: { type: 'number' } }),
    },
    retention_days: count,
  }),
  Metrics: whole({
    requests_total: {
      ...count,
      description: 'Requests to the API that have ended; probes, scrapes and admin calls are none.',
    },
    requests_success: { ...count, description: 'Answered with a status below 400.' },
    requests_error: {
      ...count,
      description: 'Answered with 400 or above, or broken off; clients that left are neither.',
    },
    api_calls: { ...count, description: 'Attempts at the upstream.' },
    upstream_429: count,
    upstream_5xx: count,
    model_rotations: count,
    auto_heals: count,
    circuit_breaks: count,
    connection_resets: count,
    retry_successes: count,
    retry_exhausted: count,
    uptime_start: moment,
    uptime_seconds: count,
    model_usage: { ...counts, description: 'Answers by the model that gave them.' },
    model_429_count: { ...counts, description: 'Quota refusals by model.' },
    self_healing: whole({
      auto_heal_enabled: { type: 'boolean' },
      circuit_breaker_open: { type: 'boolean' },
      circuit_breaker_failures: count,
      http_client_errors: { ...count, description: 'Connection errors since the last reset.' },
      last_http_reset: { type: ['string', 'null'], format: 'date-time' },
    }),
  }),
};
