import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { gatewayError } from '../kernel/error-codes.js';
import { GatewayError } from '../kernel/gateway-error.js';

/** Reads the JSON bodies of the node's own routes, and says in plain words what is wrong with one. */
export function jsonBody(limitBytes: number): [RequestHandler, ErrorRequestHandler] {
  return [express.json({ limit: limitBytes }), explain];
}

/** The parser's own words repeat the body; they are replaced here, before Nest maps them to its errors. */
const explain: ErrorRequestHandler = (error: { type?: string; limit?: number }, _request, _response, next) => {
  // Of whatever stood before the parser.
  if (error instanceof GatewayError) next(error);
  else if (error.type === 'entity.parse.failed') next(gatewayError('BAD_REQUEST', 'The body is not valid JSON.'));
  else if (error.type === 'entity.too.large') {
    next(gatewayError('REQUEST_TOO_LARGE', `The body is larger than the ${error.limit ?? 0} bytes this route takes.`));
  } else next(gatewayError('BAD_REQUEST', 'The body could not be read.'));
};
