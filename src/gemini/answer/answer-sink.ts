import { type Response } from 'express';
import { type GatewayError } from '../../kernel/gateway-error.js';
import { problemOf, retryHeaders } from '../../platform/problem.js';
import { identityOf } from '../../platform/request-context.js';
import { GrowingText } from '../domain/growing-text.js';
import { type AnswerDone } from './answer-done.js';

/** Where an answer goes: event by event, or as one object at its end. */
export interface AnswerSink {
  /** Takes a piece of text; false when the client is slow. */
  delta(text: string): boolean;
  /** Tells what was needed: a kind in the words of `x-l104-healing`, and what was done. */
  healing(kind: string, detail: string): void;
  done(done: AnswerDone): void;
  fail(error: GatewayError): void;
  /** Stops what the sink does by itself. */
  close(): void;
}

/** Shows an error before anything was sent. */
function problem(response: Response, error: GatewayError): void {
  const { requestId } = identityOf(response.req);
  for (const [name, value] of retryHeaders(error.retryAfterMs)) response.setHeader(name, value);
  response.status(error.status).setHeader('content-type', 'application/problem+json');
  response.end(JSON.stringify(problemOf(error, response.req.path, requestId)));
}

/** `text/event-stream`: `delta`, `done` and `error` events, and a comment in long silences. */
export class EventSink implements AnswerSink {
  readonly #heartbeat: NodeJS.Timeout;

  /** @param heartbeatMs silence after which a comment is sent, so that no proxy takes the stream for dead */
  constructor(
    private readonly response: Response,
    heartbeatMs: number,
  ) {
    this.#heartbeat = setInterval(() => {
      // Nothing is piled up for a client that does not read.
      if (response.writableLength === 0) this.#write(': still working\n\n');
    }, heartbeatMs);
  }

  delta(text: string): boolean {
    return this.#event('delta', { text });
  }

  healing(kind: string, detail: string): void {
    this.#event('healing', { kind, detail });
  }

  done(done: AnswerDone): void {
    this.#event('done', done);
    this.response.end();
  }

  /** Behind the error event the connection breaks, so that nobody takes the end for the end of the answer. */
  fail(error: GatewayError): void {
    const { response } = this;
    response.locals['code'] = error.code;
    if (!response.headersSent) {
      problem(response, error);
      return;
    }
    response.locals['broken'] = true;
    const data = { code: error.code, message: error.message, retry_after_seconds: seconds(error.retryAfterMs) };
    response.write(`event: error\ndata: ${JSON.stringify(data)}\n\n`, () => response.socket?.destroySoon());
  }

  close(): void {
    clearInterval(this.#heartbeat);
  }

  #event(name: string, data: unknown): boolean {
    return this.#write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  #write(text: string): boolean {
    if (!this.response.headersSent) {
      this.response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
      });
    }
    this.#heartbeat.refresh();
    return this.response.write(text);
  }
}

function seconds(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.ceil(ms / 1000);
}

/** `application/json`: the whole answer as one object. */
export class ObjectSink implements AnswerSink {
  #text = new GrowingText();

  constructor(private readonly response: Response) {}

  delta(text: string): boolean {
    this.#text.append(text);
    return true;
  }

  /** The object says it at its end. */
  healing(): void {
    return undefined;
  }

  done(done: AnswerDone): void {
    const answer = { text: this.#text.value, ...done };
    this.response.status(200).setHeader('cache-control', 'no-store').json(answer);
  }

  fail(error: GatewayError): void {
    this.response.locals['code'] = error.code;
    problem(this.response, error);
  }

  close(): void {
    this.#text = new GrowingText();
  }
}
