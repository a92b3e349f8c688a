import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type RequestForm } from './messages.js';
import { ResponseParser } from './response-parser.js';

/** What one exchange on a connection reports. */
export interface Answered {
  /** A part of the body. */
  part?(bytes: Buffer): void;
  /** The answer is complete. */
  done(): void;
}

/** One keep-alive connection to a target; one exchange at a time. */
export class Connection {
  #answered: Answered | undefined;
  readonly #parser = new ResponseParser({
    head: (status) => {
      if (status !== 200) this.onFailure(`status ${status}`);
    },
    body: (part) => this.#answered?.part?.(part),
    end: () => this.#answered?.done(),
  });

  private constructor(
    private readonly socket: Socket,
    private readonly onFailure: (what: string) => void,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      try {
        this.#parser.push(chunk);
      } catch (error) {
        onFailure(String(error));
      }
    });
    socket.on('error', (error) => {
      onFailure(error.message);
    });
    socket.on('end', () => {
      onFailure('the target closed the connection');
    });
  }

  /** Opens a connection; any status but 200 and any other trouble is told to `onFailure`. */
  static async open(port: number, onFailure: (what: string) => void): Promise<Connection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new Connection(socket, onFailure);
  }

  /** Sends a whole request. */
  send(bytes: Buffer, answered: Answered): void {
    this.#answered = answered;
    this.socket.write(bytes);
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Opens several connections at once. */
export function openAll(count: number, port: number, onFailure: (what: string) => void): Promise<Connection[]> {
  return Promise.all(Array.from({ length: count }, () => Connection.open(port, onFailure)));
}

/** The bytes of a request, made once: headers as an SDK sends them, then the body. */
export function requestBytes({ path, headers, body }: RequestForm, port: number): Buffer {
  const all = [
    ...['host', `127.0.0.1:${port}`, 'connection', 'keep-alive', 'accept', '*/*', 'accept-language', '*'],
    ...['sec-fetch-mode', 'cors', 'accept-encoding', 'gzip, deflate', 'content-type', 'application/json'],
    ...headers,
    ...['content-length', String(Buffer.byteLength(body))],
  ];
  let head = `POST ${path} HTTP/1.1\r\n`;
  for (let i = 0; i < all.length; i += 2) head += `${all[i] ?? ''}: ${all[i + 1] ?? ''}\r\n`;
  return Buffer.from(`${head}\r\n${body}`);
}
