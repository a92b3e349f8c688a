import { z } from 'zod';
import { parseDuration } from '../kernel/duration.js';
import { EMPTY_SHAPES } from './domain/answer.js';
import { PREFILL_STYLES } from './domain/directives.js';
import { type Fault } from './domain/fault-plan.js';
import { RPC_STATUS_CODES, type RpcStatus } from './domain/rpc-error.js';

/** The longest time a fault can be given: one day, in milliseconds. */
const MAX_MS = 86_400_000;

/** A duration such as `20s`, `500ms`, `2m`, or a number of milliseconds; becomes milliseconds, at most a day. */
export const duration = z
  .union([z.string(), z.number()], { error: 'a duration such as "20s", "500ms" or 2000 (ms)' })
  .transform((value, context) => {
    const ms = parseDuration(String(value), 'ms');
    if (ms !== undefined && ms <= MAX_MS) return ms;
    context.addIssue({
      code: 'custom',
      message: `${JSON.stringify(value)} is not a duration up to 24h, such as "20s", "500ms", "2m" or 2000 (ms)`,
    });
    return z.NEVER;
  });

const after = (events: number) => z.number().int().min(0).max(1_000_000).default(events);
const status = z.enum(Object.keys(RPC_STATUS_CODES) as [RpcStatus, ...RpcStatus[]]);
const message = z.string().max(2_000);
const httpStatus = z.number().int().min(400).max(599);
const kind = <K extends string>(name: K) => z.literal(name);

const lateError = {
  afterEvents: after(2),
  code: httpStatus.default(503),
  status: z.string().max(100).default('UNAVAILABLE'),
  message: message.default('The model is overloaded. Please try again later.'),
};

const errorSchema = z
  .strictObject({
    kind: kind('error'),
    status: status.optional(),
    code: httpStatus.optional(),
    message: message.optional(),
    retryDelay: duration.optional(),
    quota: z.enum(['PerMinute', 'PerDay']).optional(),
    retryAfter: z.number().min(0).max(86_400).optional(),
    bare: z.boolean().default(false),
    html: z.boolean().default(false),
  })
  .transform(({ retryDelay, status: named, ...rest }) => {
    const fallback = rest.quota === undefined ? statusOfCode(rest.code) : 'RESOURCE_EXHAUSTED';
    return { ...rest, status: named ?? fallback, retryDelayMs: retryDelay };
  });

const resetSchema = z
  .strictObject({
    kind: kind('reset'),
    afterEvents: z.number().int().min(-1).max(1_000_000).default(2),
    beforeHeaders: z.boolean().default(false),
  })
  .transform(({ afterEvents, beforeHeaders }): Fault =>
    beforeHeaders || afterEvents < 0
      ? { kind: 'reset', beforeHeaders: true }
      : { kind: 'reset', beforeHeaders: false, afterEvents },
  );

const wait = { ms: duration };
const schemas = [
  errorSchema,
  resetSchema,
  z.strictObject({ kind: kind('latency'), ...wait, jitterMs: duration.default(0) }),
  z.strictObject({ kind: kind('silence'), forMs: duration.optional() }),
  z.strictObject({ kind: kind('firstTokenDelay'), ms: duration.optional() }),
  z.strictObject({ kind: kind('slow'), perEventMs: duration }),
  z.strictObject({ kind: kind('throughput'), tokensPerSecond: z.number().min(0.01).max(1_000_000).default(1) }),
  z.strictObject({ kind: kind('stall'), afterEvents: after(2), forMs: duration.optional() }),
  z.strictObject({ kind: kind('cut'), afterEvents: after(2), cleanEnd: z.boolean().default(false) }),
  z.strictObject({ kind: kind('truncatedEvent'), afterEvents: after(2), then: z.enum(['end', 'cut']).default('end') }),
  z.strictObject({ kind: kind('garbage'), afterEvents: after(2), mode: z.enum(['extra', 'replace']).default('extra') }),
  z.strictObject({ kind: kind('inStreamError'), ...lateError, then: z.enum(['end', 'cut', 'hang']).default('end') }),
  z.strictObject({ kind: kind('bareJsonError'), ...lateError }),
  z
    .strictObject({
      kind: kind('zombie'),
      afterEvents: after(2),
      everyMs: duration.default(1_000),
      forMs: duration.optional(),
    })
    .refine((fault) => fault.everyMs >= 1, { path: ['everyMs'], message: 'must be at least 1 ms' }),
  z.strictObject({ kind: kind('noTerminator') }),
  z.strictObject({ kind: kind('truncatedBody'), missingBytes: z.number().int().min(1).max(1_000_000).default(100) }),
  z.strictObject({
    kind: kind('html200'),
    contentType: z.enum(['text/html', 'text/event-stream', 'application/json']).default('text/html'),
  }),
  z.strictObject({ kind: kind('emptyAnswer'), shape: z.enum(EMPTY_SHAPES).default('emptyText') }),
  z.strictObject({ kind: kind('missingFinish') }),
  z.strictObject({ kind: kind('thoughtsOnly'), finish: z.enum(['STOP', 'MAX_TOKENS']).default('STOP') }),
  z.strictObject({ kind: kind('malformedFunctionCall') }),
  z.strictObject({ kind: kind('finishReason'), reason: z.string().min(1).max(100) }),
  z.strictObject({ kind: kind('continuation'), words: z.number().int().min(1).max(20_000).default(20) }),
  z.strictObject({ kind: kind('prefillStyle'), style: z.enum(PREFILL_STYLES) }),
  z.strictObject({
    kind: kind('comments'),
    eventName: z
      .string()
      .regex(/^[\w.-]{1,50}$/)
      .optional(),
  }),
  z
    .strictObject({ kind: kind('capacity'), retryDelay: duration.optional() })
    .transform(({ retryDelay }) => ({ kind: 'capacity' as const, retryDelayMs: retryDelay })),
  z.strictObject({ kind: kind('cancelled') }),
  z.strictObject({ kind: kind('refuse') }),
] as const;

/** The kinds of fault a plan may name. */
export const FAULT_KINDS: readonly Fault['kind'][] = [
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

/** One fault of a plan. */
export const faultSchema: z.ZodType<Fault> = z.discriminatedUnion('kind', schemas);

function statusOfCode(code: number | undefined): RpcStatus {
  const known = Object.entries(RPC_STATUS_CODES).find(([, value]) => value === code)?.[0];
  return (known as RpcStatus | undefined) ?? (code === undefined || code >= 500 ? 'UNAVAILABLE' : 'INVALID_ARGUMENT');
}
