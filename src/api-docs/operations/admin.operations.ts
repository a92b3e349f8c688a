import { answer, content, type Json, jsonBody, type Operation, problems, shape } from '../domain/operation.js';

const HEAL = { served: 'nest', tag: 'Healing', access: 'admin' } as const;
const FAULTS = { served: 'nest', tag: 'Simulator', access: 'admin', path: '/self/simulator/faults' } as const;
const REFUSALS = ['UNAUTHENTICATED', 'FORBIDDEN'] as const;
const json = (...names: readonly string[]): Json =>
  content('application/json', names.length === 1 ? shape(names[0] ?? '') : { anyOf: names.map(shape) });

const SWITCHES: Readonly<Record<string, string>> = {
  reset_rate_limits: 'Forget the rates of clients. True when absent.',
  reset_http_client: 'Replace the connections. When absent: if it has counted errors since its last reset.',
  reset_circuit_breaker: 'Close the circuits. True when absent.',
  check_memory: 'Check the memory store, and repair it. True when absent.',
  clear_model_errors: 'Forget the errors of models. True when absent.',
};
const switches = Object.entries(SWITCHES).map(([name, description]) => ({
  name,
  in: 'query',
  description,
  schema: { type: 'boolean' },
}));
const options = {
  type: 'object',
  properties: Object.fromEntries(
    Object.entries({ ...SWITCHES, dry_run: 'Show the plan and do nothing.' }).map(([name, description]) => [
      name,
      { type: 'boolean', description },
    ]),
  ),
};
const report = answer('The faults in force, how often each struck and how long it lasts.', json('FaultReport'));

/** What administrators do. */
export const adminOperations: readonly Operation[] = [
  {
    ...HEAL,
    id: 'heal',
    method: 'post',
    path: '/self/heal',
    summary: 'Repairs the node in graded steps',
    description:
      'Options as query or JSON. A switch acts where the node has such a step. A second call during a run gets the result of that run.',
    parameters: [
      ...switches,
      { name: 'dry_run', in: 'query', description: 'Show the plan and do nothing.', schema: { type: 'boolean' } },
    ],
    requestBody: jsonBody(
      options,
      { everything: {}, connections: { reset_http_client: true }, plan: { dry_run: true } },
      false,
    ),
    responses: {
      200: answer('All or some of the steps succeeded; or the plan, of a dry run.', json('HealRun', 'HealPlan')),
      ...problems('BAD_REQUEST', ...REFUSALS),
      500: answer('No step succeeded.', {
        ...json('HealRun'),
        ...content('application/problem+json', shape('Problem')),
      }),
    },
  },
  {
    ...HEAL,
    id: 'planHeal',
    method: 'get',
    path: '/self/heal/plan',
    summary: 'Shows what a heal would do',
    parameters: switches,
    responses: { 200: answer('The steps in their order.', json('HealPlan')), ...problems('BAD_REQUEST', ...REFUSALS) },
  },
  {
    ...HEAL,
    id: 'getDiagnosis',
    method: 'get',
    path: '/self/diagnosis',
    summary: 'Shows what is not well, the evidence, and what the node would do',
    responses: { 200: answer('What is seen at this moment.', json('Diagnosis')), ...problems(...REFUSALS) },
  },
  {
    ...HEAL,
    id: 'getOverview',
    method: 'get',
    path: '/self/overview',
    summary: 'Shows the parts of the node in numbers',
    description: 'Vitals with their limits, what is in use of each limit, the keys with their rests, and the store.',
    responses: { 200: answer('What is seen at this moment.', json('Overview')), ...problems(...REFUSALS) },
  },
  {
    ...FAULTS,
    id: 'getFaults',
    method: 'get',
    summary: 'Shows what is wrong with the simulator',
    responses: { 200: report, ...problems(...REFUSALS) },
  },
  {
    ...FAULTS,
    id: 'setFaults',
    method: 'put',
    summary: 'Breaks the simulator on purpose',
    description:
      'Takes a preset with its duration, as JSON or in the query, or a plan. Needs `CHAOS_ENABLED` in production.',
    parameters: [
      { name: 'preset', in: 'query', schema: { enum: ['outage', 'quota', 'stall', 'cut', 'slow'] } },
      {
        name: 'duration',
        in: 'query',
        description: 'Such as `20s`; a minute when absent.',
        schema: { type: 'string' },
      },
    ],
    requestBody: jsonBody(
      { anyOf: [shape('FaultPreset'), shape('FaultPlan')] },
      {
        preset: { preset: 'outage', duration: '60s' },
        plan: {
          faults: [{ model: 'gemini-2.5-*', method: 'stream*', for: '20s', fault: { kind: 'stall', afterEvents: 3 } }],
        },
      },
      false,
    ),
    responses: { 200: report, ...problems('BAD_REQUEST', ...REFUSALS) },
  },
  {
    ...FAULTS,
    id: 'clearFaults',
    method: 'delete',
    summary: 'Makes the simulator whole again',
    responses: { 200: report, ...problems(...REFUSALS) },
  },
];
