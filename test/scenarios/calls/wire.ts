import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { type Socket } from 'node:net';
import { type CallRequest } from './forms.js';

/** A response as it came, to its end or to where it broke. */
export interface WireAnswer {
  /** HTTP status; 0 when there was none. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /**
   * How it ended: `clean`: as HTTP has it; `broken`: the connection broke first; `hung`: nobody waited for the end;
   * `left`: the caller went away, as it had meant to.
   */
  readonly end: 'clean' | 'broken' | 'hung' | 'left';
  /** From sending to the end, ms. */
  readonly ms: number;
}

/** How a caller behaves that does not just read. */
export interface Manner {
  /** Goes away after so many bytes of the answer. */
  readonly leaveAfterBytes?: number;
  /** Goes away after so long, whatever has come, ms. */
  readonly leaveAfterMs?: number;
  /** Reads nothing for so long after each piece, ms. */
  readonly pauseMs?: number;
}

/** Sends a request over a connection of its own and reads what comes, for at most `limitMs`. */
export function send(url: string, asked: CallRequest, limitMs: number, manner: Manner = {}): Promise<WireAnswer> {
  const began = performance.now();
  const chunks: Buffer[] = [];
  let received = 0;
  let head: IncomingMessage | undefined;
  return new Promise((resolve) => {
    const call = request(url + asked.path, { method: 'POST', agent: false, headers: { ...asked.headers } });
    const settle = (end: WireAnswer['end']): void => {
      clearTimeout(limit);
      clearTimeout(leaving);
      const { statusCode: status = 0, headers = {} } = head ?? {};
      resolve({ status, headers, body: Buffer.concat(chunks).toString(), end, ms: performance.now() - began });
      call.destroy();
    };
    const limit = setTimeout(() => {
      settle('hung');
    }, limitMs);
    const leaving =
      manner.leaveAfterMs === undefined
        ? undefined
        : setTimeout(() => {
            settle('left');
          }, manner.leaveAfterMs);
    call.on('error', () => {
      settle('broken');
    });
    call.on('response', (response) => {
      head = response;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        received += chunk.length;
        if (received >= (manner.leaveAfterBytes ?? Infinity)) settle('left');
        else if (manner.pauseMs !== undefined) pause(response.socket, manner.pauseMs);
      });
      response.on('error', () => undefined);
      response.on('close', () => {
        settle(response.complete ? 'clean' : 'broken');
      });
    });
    call.end(asked.body);
  });
}

/** The socket, not the response: what a paused response holds back is lost when the connection breaks. */
function pause(socket: Socket, ms: number): void {
  socket.pause();
  setTimeout(() => socket.resume(), ms);
}
