import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';

/**
 * Tells responses that wait for their turn on a connection (HTTP pipelining) that it has closed. Node tells only the
 * one whose turn it is; the others would hold what they have taken, and go on, for ever.
 */
export class PipelinedResponses {
  readonly #waiting = new WeakMap<Socket, Set<ServerResponse>>();

  /** Looks after a response that has just been made, where it has to wait. */
  watch({ socket }: IncomingMessage, response: ServerResponse): void {
    if (response.socket !== null) return;
    const waiting = this.#waiting.get(socket) ?? this.#begin(socket);
    waiting.add(response);
    response.once('close', () => waiting.delete(response));
  }

  #begin(socket: Socket): Set<ServerResponse> {
    const waiting = new Set<ServerResponse>();
    this.#waiting.set(socket, waiting);
    socket.once('close', () => {
      for (const response of waiting) {
        // Whoever has the connection, or had it, is told by Node.
        if (response.socket !== null || response.writableFinished) continue;
        response.destroy();
        response.emit('close');
      }
    });
    return waiting;
  }
}
