import { createHash } from 'node:crypto';
import { type IncomingMessage } from 'node:http';
import { tellingHeaders } from '../domain/sharing/shareable.js';
import { type Route } from '../domain/route.js';

/**
 * One name for all calls that ask the same on behalf of the same client: a digest, so that neither key nor prompt is kept.
 * @param client who asks, as far as clients are told apart
 */
export function callIdentity(
  { surface, target }: Pick<Route, 'surface' | 'target'>,
  client: string | undefined,
  request: Pick<IncomingMessage, 'rawHeaders'>,
  body: Buffer,
): string {
  const parts = JSON.stringify([surface, target, client ?? null, tellingHeaders(request.rawHeaders)]);
  return createHash('sha256').update(parts).update('\n').update(body).digest('base64');
}
