import { type Json } from '../domain/operation.js';

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const duration = {
  anyOf: [{ type: 'string' }, { type: 'number' }],
  description: 'A duration such as `20s`, `500ms`, `2m`, or a number of milliseconds; at most a day.',
};
const quota = { type: 'object', properties: { perMinute: count, perDay: count }, additionalProperties: false };

const KINDS = [
  'error',
  'reset',
  'latency',
  'silence',
  'firstTokenDelay',
  'slow',
  'throughput',
  'stall',
  'cut',
  'truncatedEvent',
  'garbage',
  'inStreamError',
  'bareJsonError',
  'zombie',
  'noTerminator',
  'truncatedBody',
  'html200',
  'emptyAnswer',
  'missingFinish',
  'thoughtsOnly',
  'malformedFunctionCall',
  'finishReason',
  'continuation',
  'prefillStyle',
  'comments',
  'capacity',
  'cancelled',
  'refuse',
];

const rule = {
  type: 'object',
  required: ['fault'],
  properties: {
    id: text,
    model: { ...text, description: 'Pattern with `*`.' },
    key: { ...text, description: 'Pattern with `*`.' },
    surface: { enum: ['native', 'openai', 'any'], default: 'any' },
    method: { anyOf: [text, { type: 'array', items: text }], description: 'Pattern with `*`, or several.' },
    from: duration,
    for: duration,
    skip: { ...count, description: 'Requests to leave alone first.' },
    times: { type: 'integer', minimum: 1, description: 'Requests to strike.' },
    probability: { type: 'number', minimum: 0, maximum: 1, default: 1 },
    fault: {
      type: 'object',
      required: ['kind'],
      properties: { kind: { enum: KINDS } },
      description: 'What goes wrong. Further members depend on the kind; a wrong one is named in the answer.',
    },
  },
  additionalProperties: false,
};

/** Shapes of the simulator's faults. */
export const simulatorSchemas: Json = {
  FaultPreset: {
    type: 'object',
    required: ['preset'],
    properties: {
      preset: { enum: ['outage', 'quota', 'stall', 'cut', 'slow'] },
      duration: { ...duration, default: '60s' },
    },
    additionalProperties: false,
  },
  FaultPlan: {
    type: 'object',
    properties: {
      seed: { ...count, maximum: 4_294_967_295, default: 1 },
      faults: { type: 'array', items: rule },
      quota,
    },
    additionalProperties: false,
  },
  FaultReport: {
    type: 'object',
    required: ['active', 'preset', 'set_at', 'seed', 'quota', 'faults'],
    properties: {
      active: { type: 'boolean', description: 'Whether any fault can still strike.' },
      preset: { type: ['string', 'null'] },
      set_at: { type: ['string', 'null'], format: 'date-time' },
      seed: count,
      quota: { anyOf: [quota, { type: 'null' }] },
      faults: {
        type: 'array',
        items: {
          type: 'object',
          required: ['id', 'kind', 'state', 'starts_in_ms', 'ends_in_ms', 'matched', 'applied', 'rule'],
          properties: {
            id: text,
            kind: { enum: KINDS },
            state: { enum: ['waiting', 'active', 'expired', 'used_up'] },
            starts_in_ms: count,
            ends_in_ms: { type: ['integer', 'null'] },
            matched: count,
            applied: count,
            rule: { type: 'object' },
          },
          additionalProperties: false,
        },
      },
    },
    additionalProperties: false,
  },
};
