import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

/** What a webhook was sent. */
export interface Notice {
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  readonly body: { id: string; type: string; alerts: { name: string; summary: string }[]; text?: string };
}

/** A receiver of webhooks; one that hangs takes them and answers nothing. */
export class Receiver {
  readonly got: Notice[] = [];
  hangs = false;
  status = 200;
  readonly #server: Server = createServer((request, response) => {
    let raw = '';
    request.on('data', (chunk: Buffer) => (raw += chunk.toString()));
    request.on('end', () => {
      this.got.push({ headers: request.headers, raw, body: JSON.parse(raw) as Notice['body'] });
      if (!this.hangs) response.writeHead(this.status).end();
    });
  });

  async listen(port = 0): Promise<number> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
