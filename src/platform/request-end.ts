import { type Request, type Response } from 'express';
import { identityOf, notesOf, type RequestFinished } from './request-context.js';

/** The fact of the end of a request to a route of Nest, from its response, which has closed. */
export function endOf(request: Request, response: Response, { route, since }: Watched): RequestFinished {
  const whole = response.writableFinished;
  const code: unknown = response.locals['code'];
  // A response the node destroyed itself is broken; one the client left is nobody's fault.
  const broken = !whole && response.headersSent && response.locals['broken'] === true;
  const { client, call } = notesOf(request);
  return {
    route,
    method: request.method,
    status: whole || broken ? response.statusCode : 499,
    broken,
    durationMs: performance.now() - since,
    code: typeof code === 'string' ? code : undefined,
    identity: identityOf(request),
    client,
    call,
  };
}

/** Under which name a request counts, and since when, monotonic ms. */
interface Watched {
  readonly route: string;
  readonly since: number;
}
