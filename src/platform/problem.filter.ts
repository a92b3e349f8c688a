import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type ErrorCode, gatewayError } from '../kernel/error-codes.js';
import { GatewayError } from '../kernel/gateway-error.js';
import { LOG, type Log, logFields } from './logging.js';
import { problemOf, retryHeaders } from './problem.js';
import { identityOf } from './request-context.js';

const CODE_OF_STATUS: Record<number, ErrorCode> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  408: 'REQUEST_TIMEOUT',
  409: 'CONFLICT',
  413: 'REQUEST_TOO_LARGE',
  503: 'OVERLOADED',
};

/** The one way out for errors of Nest routes: `application/problem+json`, never a stack or parser text. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Log) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const identity = identityOf(request);
    const error = toGatewayError(thrown);
    if (error.code === 'INTERNAL') this.log.error({ ...logFields(identity), err: thrown }, 'unexpected error');
    if (response.headersSent) {
      // A clean end would look like a whole answer.
      response.destroy();
      return;
    }
    response.locals['code'] = error.code;
    for (const [name, value] of retryHeaders(error.retryAfterMs)) response.setHeader(name, value);
    if (error.status === 401) response.setHeader('www-authenticate', 'Bearer');
    const body = JSON.stringify(problemOf(error, request.path.slice(0, 200), identity.requestId));
    response.status(error.status).setHeader('content-type', 'application/problem+json').end(body);
  }
}

/** Any thrown thing as an error that is safe to show. */
export function toGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  const status = statusOf(thrown);
  const code = CODE_OF_STATUS[status];
  if (code === undefined || code === 'OVERLOADED') {
    return gatewayError('INTERNAL', 'The node made a mistake. The log has the details under the request id.');
  }
  return gatewayError(code, textOf(thrown, status));
}

function statusOf(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const status = (thrown as { status?: unknown } | null | undefined)?.status;
  return typeof status === 'number' ? status : 500;
}

function textOf(thrown: unknown, status: number): string {
  if (status === 404) return 'There is nothing at this address. GET /docs lists the routes.';
  if (thrown instanceof HttpException && thrown.message.length < 300 && status !== 400) return thrown.message;
  return 'The request is not valid.';
}
