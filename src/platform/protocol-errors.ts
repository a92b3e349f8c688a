import { type IncomingMessage, type Server } from 'node:http';
import { type Socket } from 'node:net';
import { type ErrorCode, gatewayError } from '../kernel/error-codes.js';
import { randomHex } from './identifiers.js';
import { problemOf } from './problem.js';

const CODE_OF_PARSE_ERROR: Record<string, [ErrorCode, string]> = {
  HPE_HEADER_OVERFLOW: ['HEADERS_TOO_LARGE', 'The request headers are larger than REQUEST_HEADERS_LIMIT.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['REQUEST_TIMEOUT', 'The request headers did not arrive in time.'],
};

/**
 * Answers what never becomes a request: unparsable HTTP, headers too large or too slow.
 */
export function answerProtocolErrors(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // Bytes already written belong to another answer; more would corrupt it.
    if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
      socket.destroy();
      return;
    }
    const [code, text] = CODE_OF_PARSE_ERROR[error.code ?? ''] ?? ['BAD_REQUEST', 'The request is not valid HTTP/1.1.'];
    refuse(socket, code, text);
  });
}

/**
 * A WebSocket handshake. The server has no `upgrade` listener on purpose: with one, Node would hand it
 * every upgrade offer, also h2c, which a server may ignore and answer plainly.
 */
export function isWebSocket(request: IncomingMessage): boolean {
  return /\bwebsocket\b/i.test(request.headers.upgrade ?? '');
}

function refuse(socket: Socket, code: ErrorCode, text: string): void {
  const error = gatewayError(code, text);
  const requestId = randomHex(16);
  const body = JSON.stringify(problemOf(error, '/', requestId));
  socket.end(
    `HTTP/1.1 ${error.status} ${code}\r\ncontent-type: application/problem+json\r\nx-request-id: ${requestId}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
