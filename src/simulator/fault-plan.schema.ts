import { z } from 'zod';
import { closestName } from '../kernel/closest-name.js';
import { faultSchema, FAULT_KINDS, duration } from './fault.schema.js';
import { type FaultPlan, MAX_FAULTS } from './domain/fault-plan.js';
import { FAULT_PRESETS, presetPlan } from './domain/fault-preset.js';

const DEFAULT_PRESET_MS = 60_000;
const GLOB = z.string().min(1).max(200);
const COUNT = z.number().int().min(0).max(1_000_000_000);

const ruleSchema = z.strictObject({
  id: z.string().min(1).max(100).optional(),
  model: GLOB.optional(),
  key: GLOB.optional(),
  surface: z.enum(['native', 'openai', 'any']).default('any'),
  method: z.union([GLOB, z.array(GLOB).min(1).max(20)]).optional(),
  from: duration.default(0),
  for: duration.optional(),
  skip: COUNT.default(0),
  times: COUNT.min(1).optional(),
  probability: z.number().min(0).max(1).default(1),
  fault: faultSchema,
});

const planSchema = z.strictObject({
  seed: z.number().int().min(0).max(4_294_967_295).default(1),
  faults: z.array(ruleSchema).max(MAX_FAULTS).default([]),
  quota: z.strictObject({ perMinute: COUNT.optional(), perDay: COUNT.optional() }).optional(),
});

const presetSchema = z.strictObject({ preset: z.enum(FAULT_PRESETS), for: duration.default(DEFAULT_PRESET_MS) });

const EXAMPLE =
  '{"faults":[{"model":"gemini-2.5-*","method":"stream*","for":"20s","fault":{"kind":"stall","afterEvents":3}}]}';
const PRESET_EXAMPLE = '{"preset":"outage","for":"60s"}';

/** A plan, or what is wrong with the document that was to be one. */
export type ParsedFaultPlan =
  | { readonly plan: FaultPlan; readonly problems?: undefined }
  | { readonly plan?: undefined; readonly problems: readonly string[] };

/**
 * Reads a fault plan: `{"faults":[…]}`, or `{"preset":"outage","for":"60s"}`. Each problem names the path at which it
 * was found; the last line is an example of what is right.
 */
export function parseFaultPlan(json: unknown): ParsedFaultPlan {
  const preset = typeof json === 'object' && json !== null && 'preset' in json;
  if (preset) {
    const parsed = presetSchema.safeParse(json);
    if (parsed.success) return { plan: presetPlan(parsed.data.preset, parsed.data.for) };
    return { problems: [...parsed.error.issues.map((issue) => problemOf(issue, json)), `example: ${PRESET_EXAMPLE}`] };
  }
  const parsed = planSchema.safeParse(json);
  if (!parsed.success)
    return {
      problems: [...parsed.error.issues.slice(0, 20).map((issue) => problemOf(issue, json)), `example: ${EXAMPLE}`],
    };
  const { seed, quota, faults } = parsed.data;
  return { plan: { seed, quota, faults: faults.map(ruleOf) } };
}

function ruleOf(rule: z.infer<typeof ruleSchema>, at: number): FaultPlan['faults'][number] {
  return {
    id: rule.id ?? `fault-${at + 1}`,
    model: rule.model,
    key: rule.key,
    surface: rule.surface,
    methods: typeof rule.method === 'string' ? [rule.method] : rule.method,
    fromMs: rule.from,
    forMs: rule.for,
    skip: rule.skip,
    times: rule.times,
    probability: rule.probability,
    fault: rule.fault,
  };
}

function problemOf(issue: z.core.$ZodIssue, json: unknown): string {
  const path = issue.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`));
  const unknownKind = issue.code === 'invalid_union' && issue.path.at(-1) === 'kind';
  const text = unknownKind ? unknownKindText(valueAt(json, issue.path)) : issue.message;
  return `${path.join('').replace(/^\./, '') || 'plan'}: ${text}`;
}

function unknownKindText(kind: unknown): string {
  if (kind === undefined) return `missing; known kinds are ${FAULT_KINDS.join(', ')}`;
  const near = typeof kind === 'string' ? closestName(kind.slice(0, 50), FAULT_KINDS) : undefined;
  return `unknown kind${near === undefined ? '' : `, did you mean "${near}"?`}; known kinds are ${FAULT_KINDS.join(', ')}`;
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined),
    json,
  );
}
