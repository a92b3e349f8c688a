import { isIP } from 'node:net';
import { type Request, type Response } from 'express';
import { bearerOf, fullHash } from './access.js';
import { type AdminAction } from './admin-events.js';
import { maskKeys } from './logging.js';
import { identityOf } from './request-context.js';

/** Methods that change nothing. */
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Most characters kept of a text that a client chose. */
const TEXT_LIMIT = 200;

/** Whether a request is to change something. */
export function isAction({ method }: Request): boolean {
  return !READING.has(method);
}

/** What a request that has been answered did, or was kept from. Of what the client sent only what names the action is taken. */
export function actionOf(request: Request, response: Response, admitted: boolean): AdminAction {
  const { route, params, body } = request as { route?: { path?: unknown }; params: object; body?: unknown };
  const status = response.writableFinished ? response.statusCode : 499;
  const told = {
    action: `${request.method} ${typeof route?.path === 'string' ? route.path : '/self'}`,
    admitted,
    status,
    who: whoIs(request, admitted),
    address: addressOf(request),
    requestId: identityOf(request).requestId,
  };
  // What was refused can be anything, a key in the wrong place too.
  if (!admitted || status >= 400) return told;
  const target = shortText(Object.values(params)[0]);
  const reason = shortText((body as { reason?: unknown } | undefined)?.reason);
  return { ...told, ...(target === undefined ? {} : { target }), ...(reason === undefined ? {} : { reason }) };
}

function whoIs(request: Request, admitted: boolean): string {
  const token = bearerOf(request);
  if (token !== undefined) return `token:${fullHash(token).slice(0, 8)}`;
  return admitted ? 'loopback' : 'nobody';
}

/** What proxies say may be no address at all. */
function addressOf({ ip = '', socket }: Request): string {
  return isIP(ip) > 0 ? ip : (socket.remoteAddress ?? 'unknown');
}

function shortText(value: unknown): string | undefined {
  return typeof value === 'string' ? maskKeys(value).slice(0, TEXT_LIMIT) : undefined;
}
