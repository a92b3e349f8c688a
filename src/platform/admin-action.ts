import { type IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { type Request, type Response } from 'express';
import { type AdminAction } from './admin-events.js';
import { maskKeys } from './logging.js';
import { identityOf } from './request-context.js';

/** Methods that change nothing. */
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Most characters kept of a text that a client chose. */
const TEXT_LIMIT = 200;

/** Whether a request is to change something. */
export function isAction({ method = '' }: IncomingMessage): boolean {
  return !READING.has(method);
}

/**
 * What a request that has been answered did, or was kept from; `caller` is who sent it. Of what the client sent only what
 * names the action is taken.
 */
export function actionOf(
  request: Request,
  response: Response,
  caller: Pick<AdminAction, 'admitted' | 'who'>,
): AdminAction {
  const { admitted } = caller;
  const { route, params, body } = request as { route?: { path?: unknown }; params: object; body?: unknown };
  const status = response.writableFinished ? response.statusCode : 499;
  const told = {
    action: `${request.method} ${typeof route?.path === 'string' ? route.path : '/self'}`,
    ...caller,
    status,
    address: addressOf(request),
    requestId: identityOf(request).requestId,
  };
  // What was refused can be anything, a key in the wrong place too.
  if (!admitted || status >= 400) return told;
  const target = shortText(Object.values(params)[0]);
  const reason = shortText((body as { reason?: unknown } | undefined)?.reason);
  return { ...told, ...(target === undefined ? {} : { target }), ...(reason === undefined ? {} : { reason }) };
}

/** What proxies say may be no address at all. */
function addressOf({ ip = '', socket }: Request): string {
  return isIP(ip) > 0 ? ip : (socket.remoteAddress ?? 'unknown');
}

function shortText(value: unknown): string | undefined {
  return typeof value === 'string' ? maskKeys(value).slice(0, TEXT_LIMIT) : undefined;
}
