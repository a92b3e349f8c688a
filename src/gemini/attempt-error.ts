import { gatewayError } from '../kernel/error-codes.js';
import { type GatewayError } from '../kernel/gateway-error.js';
import { connectionFault } from '../http-client/index.js';

const TEXTS = {
  connect: 'The connection to Gemini was refused.',
  reset: 'Gemini closed the connection without an answer.',
  timeout: 'Gemini could not be reached in time.',
  dns: 'The name of the Gemini host could not be resolved.',
  tls: 'The certificate of the Gemini host was not accepted.',
  protocol: 'Gemini sent something that is no HTTP.',
} as const;

/** An error of the HTTP client as one that may be shown; `answering` says that the head of an answer had come. */
export function attemptError(error: Error, answering: boolean): GatewayError {
  const fault = connectionFault(error);
  if (fault === undefined) return gatewayError('INTERNAL', 'The node could not send the request.', { cause: error });
  if (answering) {
    return gatewayError('STREAM_INCOMPLETE', 'The connection to Gemini broke in the middle of the answer.', {
      cause: error,
    });
  }
  return gatewayError('UPSTREAM_UNREACHABLE', TEXTS[fault], { cause: error });
}
