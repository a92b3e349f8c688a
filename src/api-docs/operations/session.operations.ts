import { answer, content, jsonBody, type Operation, problems, shape } from '../domain/operation.js';

const SESSION = { served: 'nest', tag: 'Healing', access: 'open', path: '/self/session' } as const;

/** How the page of the node gets its rights. */
export const sessionOperations: readonly Operation[] = [
  {
    ...SESSION,
    id: 'getAccess',
    method: 'get',
    summary: 'Tells what access the caller has',
    responses: {
      200: answer('The access; nothing secret is in it.', content('application/json', shape('Access'))),
      ...problems('RATE_LIMITED'),
    },
  },
  {
    ...SESSION,
    id: 'signIn',
    method: 'post',
    summary: 'Begins a session with the admin token',
    description:
      'The cookie stands for the token, for ADMIN_SESSION_LIFE, in what the page of the node asks: a page of another origin can do nothing with it. Programs send the token as Bearer token instead.',
    requestBody: jsonBody(
      {
        type: 'object',
        required: ['token'],
        properties: { token: { type: 'string', minLength: 1, maxLength: 1000, format: 'password' } },
      },
      { token: { token: 'the value of ADMIN_TOKEN' } },
    ),
    responses: {
      204: answer('Signed in.', undefined, ['set-cookie']),
      ...problems('BAD_REQUEST', 'UNAUTHENTICATED', 'FORBIDDEN', 'CONFLICT', 'RATE_LIMITED'),
    },
  },
  {
    ...SESSION,
    id: 'signOut',
    method: 'delete',
    summary: 'Takes the cookie of the session away',
    responses: { 204: answer('Signed out, or never in.', undefined, ['set-cookie']), ...problems('FORBIDDEN') },
  },
];
