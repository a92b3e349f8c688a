import { type IncomingMessage } from 'node:http';
import { type Dispatcher } from 'undici';
import { type ConnectionPool } from '../http-client/index.js';
import { type UpstreamResponseHeaders } from './domain/headers.js';

/** What one attempt asks of the upstream. */
export interface AttemptRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  /** Flat list of names and values. */
  readonly headers: string[];
  /** A buffered body, or a client's request to be streamed through. */
  readonly body: Buffer | IncomingMessage | null;
}

/** Hears what becomes of an attempt: a head, data, then an end or an error; an error at any time. */
export interface AttemptListener {
  head(status: number, headers: UpstreamResponseHeaders): void;
  data(chunk: Buffer): void;
  end(): void;
  /** The connection failed; not called after `abort`. */
  failed(error: Error): void;
}

/** The attempt was given up by the node; never shown to anybody. */
const ABORTED = new Error('attempt aborted');

/** Hears what nobody waits for any more. */
const DEAF: AttemptListener = {
  head: () => undefined,
  data: () => undefined,
  end: () => undefined,
  failed: () => undefined,
};

/** One try at the upstream: its bytes on the current pool generation. */
export class UpstreamAttempt implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined;
  #aborted = false;
  #over = false;
  #listener: AttemptListener;
  #lingering: NodeJS.Timeout | undefined;
  #generation = 0;

  constructor(
    private readonly pool: ConnectionPool,
    listener: AttemptListener,
  ) {
    this.#listener = listener;
  }

  /** The pool generation it went out on; 0 before it is sent. */
  get generation(): number {
    return this.#generation;
  }

  /** Sends the request. */
  send(request: AttemptRequest): void {
    const { origin, path, method, headers, body } = request;
    this.#generation = this.pool.generation;
    this.pool.dispatch({ origin, path, method: method, headers, body }, this);
  }

  /** Nothing at all has come in its time, which is held against the connection. */
  silent(): void {
    if (!this.#over) this.pool.silent(this.#generation);
  }

  /** Gives the attempt up: the upstream's connection is closed at once, the listener hears nothing more. */
  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.#aborted = true;
    this.#controller?.abort(ABORTED);
  }

  /** The answer is whole: lets the upstream end its side, so that the connection can be used again, for at most `graceMs`. */
  linger(graceMs: number): void {
    if (this.#over) return;
    this.#listener = DEAF;
    this.#controller?.resume();
    this.#lingering = setTimeout(() => {
      this.abort();
    }, graceMs);
  }

  /** Stops reading from the upstream until `resume`. */
  pause(): void {
    if (!this.#over) this.#controller?.pause();
  }

  resume(): void {
    if (!this.#over) this.#controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Aborted while it waited for a connection.
    if (this.#aborted) controller.abort(ABORTED);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: UpstreamResponseHeaders): void {
    // They are views of the bytes that came with the head, up to 64 KiB, which would be held until the answer ends.
    controller.rawHeaders = null;
    // Informational answers (1xx) precede the real one.
    if (this.#over || status < 200) return;
    this.pool.answered(this.#generation);
    this.#listener.head(status, headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#over) this.#listener.data(chunk);
  }

  onResponseEnd(): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#lingering);
    this.#listener.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#lingering);
    this.pool.failed(error, this.#generation);
    this.#listener.failed(error);
  }
}
