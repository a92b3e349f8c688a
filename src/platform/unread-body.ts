import { type IncomingMessage } from 'node:http';
import { type Socket } from 'node:net';

/**
 * A client that was answered before it had sent its whole body may finish within `ms`, but not hold its connection
 * for ever. Node itself reads the rest and throws it away.
 */
export function hurry(request: IncomingMessage, ms: number): void {
  // Taken now: the HTTP client detaches the socket from a request it has read.
  const { socket } = request as { socket: Socket | null };
  if (socket === null) return;
  // Of nearly all requests the rest is there already; in a flood of refused ones timers would pile up.
  setImmediate(() => {
    if (!request.complete && !socket.destroyed) watch(request, socket, ms);
  });
}

function watch(request: IncomingMessage, socket: Socket, ms: number): void {
  const over = (): void => {
    clearTimeout(timer);
    socket.off('close', over);
  };
  const timer = setTimeout(() => {
    if (request.complete) over();
    else socket.destroy();
  }, ms).unref();
  socket.once('close', over);
  request.once('close', () => {
    // One that was destroyed halfway still leaves its connection behind.
    if (request.complete) over();
  });
}
