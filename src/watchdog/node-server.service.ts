import { type Server } from 'node:http';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { loopbackOf } from './domain/loopback.js';

/** The node's own HTTP server, as its vitals see it. */
@Injectable()
export class NodeServer {
  constructor(private readonly adapters: HttpAdapterHost) {}

  /** Where it is reached from this machine; undefined while it does not listen. */
  get address(): { readonly host: string; readonly port: number } | undefined {
    const address = this.#server?.address() ?? undefined;
    return typeof address === 'object' ? loopbackOf(address) : undefined;
  }

  /** Connections that clients have open. */
  connections(): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#server?.listening !== true) resolve(0);
      else
        this.#server.getConnections((error, count) => {
          if (error === null) resolve(count);
          else reject(error);
        });
    });
  }

  /** Whether it takes no more connections than it has. */
  async full(): Promise<boolean> {
    const most = this.#server?.maxConnections;
    return most !== undefined && (await this.connections()) >= most;
  }

  get #server(): Server | undefined {
    // There is none before the node is built, whatever the type says.
    const adapter = this.adapters.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    return adapter?.getHttpServer() as Server | undefined;
  }
}
