import { answer, content, jsonBody, type Operation, problems, shape } from '../domain/operation.js';

const CIRCUITS = { served: 'nest', tag: 'Healing', access: 'admin' } as const;
const REFUSALS = ['UNAUTHENTICATED', 'FORBIDDEN'] as const;
const NAME = {
  name: 'name',
  in: 'path',
  required: true,
  description: 'Name of the circuit as the list gives it: model and key, such as `gemini-2.5-flash@3f9c2d71`.',
  schema: { type: 'string' },
};
const circuit = { 200: answer('The circuit as it stands now.', content('application/json', shape('Circuit'))) };

function action(name: 'release' | 'reset', summary: string): Operation {
  return {
    ...CIRCUITS,
    id: `${name}Circuit`,
    method: 'post',
    path: `/self/circuits/{name}/${name}`,
    summary,
    parameters: [NAME],
    responses: { ...circuit, ...problems('NOT_FOUND', ...REFUSALS) },
  };
}

/** What operators see and do of circuits. */
export const circuitOperations: readonly Operation[] = [
  {
    ...CIRCUITS,
    id: 'listCircuits',
    method: 'get',
    path: '/self/circuits',
    summary: 'Shows the circuits of all targets, worst first',
    responses: {
      200: answer(
        'Every target that has been asked, by model and key.',
        content('application/json', {
          type: 'object',
          required: ['circuits'],
          properties: { circuits: { type: 'array', items: shape('Circuit') } },
        }),
      ),
      ...problems(...REFUSALS),
    },
  },
  {
    ...CIRCUITS,
    id: 'isolateCircuit',
    method: 'post',
    path: '/self/circuits/{name}/isolate',
    summary: 'Takes a target out until it is released',
    parameters: [NAME],
    requestBody: jsonBody(
      { type: 'object', properties: { reason: { type: 'string', minLength: 1, maxLength: 200 } } },
      { why: { reason: 'maintenance at the provider' } },
      false,
    ),
    responses: { ...circuit, ...problems('BAD_REQUEST', 'NOT_FOUND', ...REFUSALS) },
  },
  action('release', 'Gives an isolated target back'),
  action('reset', 'Closes a circuit and forgets what it counted'),
];
