import { type Json } from '../domain/operation.js';

/** Shapes of signing in. */
export const sessionSchemas: Json = {
  Access: {
    type: 'object',
    required: ['access', 'sign_in'],
    properties: {
      access: {
        enum: ['session', 'token', 'local', 'none'],
        description:
          'By what the caller is known as administrator: its session, the token, its being on this machine where there is no token; or `none`.',
      },
      expires_at: { type: 'string', format: 'date-time', description: 'When the session ends; only with one.' },
      sign_in: { type: 'boolean', description: 'Whether there is an ADMIN_TOKEN to sign in with.' },
    },
    additionalProperties: false,
    example: { access: 'session', expires_at: '2026-01-01T12:00:00.000Z', sign_in: true },
  },
};
