import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';
import { type Express } from 'express';
import { PipelinedResponses } from './pipelined-responses.js';

/** Takes a request and returns true, or leaves it to Nest and returns false. */
export type FrontHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Limits of the HTTP server, in bytes and milliseconds. */
export interface ServerLimits {
  readonly maxHeaderBytes: number;
  readonly headersTimeoutMs: number;
  readonly keepAliveMs: number;
  /** Connections that may wait to be accepted. */
  readonly backlog: number;
}

/**
 * Express behind a front door: the calls to models are handled on the bare Node
 * request, ahead of Express, whose router and body parsers cost more than the call itself.
 */
export class FrontDoorAdapter extends ExpressAdapter {
  readonly #limits: ServerLimits;
  readonly #pipelined = new PipelinedResponses();
  #front: FrontHandler = () => false;

  constructor(limits: ServerLimits) {
    super();
    this.#limits = limits;
    this.getInstance<Express>().disable('x-powered-by');
  }

  /** Sets who sees every request first. */
  setFront(front: FrontHandler): void {
    this.#front = front;
  }

  /** Listens on a host's port; `listening` is told once it does. */
  override listen(port: number | string, ...args: unknown[]): Server {
    const [host, listening] = args as [string, () => void];
    return (this.getHttpServer() as Server).listen(Number(port), host, this.#limits.backlog, listening);
  }

  override initHttpServer(): void {
    const express = this.getInstance<RequestListener>();
    const { maxHeaderBytes, headersTimeoutMs, keepAliveMs } = this.#limits;
    const server: Server = createServer(
      {
        maxHeaderSize: maxHeaderBytes,
        headersTimeout: headersTimeoutMs,
        keepAliveTimeout: keepAliveMs,
        // Bodies have limits of their own (calls) or none (uploads may take hours).
        requestTimeout: 0,
        connectionsCheckingInterval: 5000,
        insecureHTTPParser: false,
        // A missing Host is answered by the routes, in their dialect.
        requireHostHeader: false,
      },
      (request, response) => {
        this.#pipelined.watch(request, response);
        if (!this.#front(request, response)) express(request, response);
      },
    );
    this.setHttpServer(server);
  }
}
