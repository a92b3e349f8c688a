import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Agent, type Dispatcher } from 'undici';

/*
 * The baseline: the least a proxy on Node and undici can do. The body is buffered as it is,
 * the head and the bytes of the answer are passed on; no limits, no ids, no error handling.
 */

const origin = `http://127.0.0.1:${process.argv[2] ?? ''}`;
/**
 * As long as the node keeps an idle connection: to read from a newer one takes the kernel longer, since receipts are then sent
 * by whoever reads. With one that lives on through the others' turns the node was charged for that, and the proxy was not.
 */
const IDLE_MS = 10_000;
const agent = new Agent({
  pipelining: 1,
  headersTimeout: 0,
  bodyTimeout: 0,
  keepAliveTimeout: IDLE_MS,
  keepAliveMaxTimeout: IDLE_MS,
});
const NOT_UPSTREAM = new Set(['host', 'connection', 'content-length']);
const NOT_TO_CLIENT = new Set(['connection', 'keep-alive', 'transfer-encoding']);

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    forward(request, response, Buffer.concat(chunks));
  });
});

function forward(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const headers: string[] = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i] ?? '';
    if (!NOT_UPSTREAM.has(name.toLowerCase())) headers.push(name, request.rawHeaders[i + 1] ?? '');
  }
  const method = request.method as Dispatcher.HttpMethod;
  const handler: Dispatcher.DispatchHandler = {
    // undici tells the form of a handler by this method.
    onRequestStart: () => undefined,
    onResponseStart(_controller, status, upstreamHeaders) {
      const kept: Record<string, string | string[]> = {};
      for (const name in upstreamHeaders) {
        const value = upstreamHeaders[name];
        if (value !== undefined && !NOT_TO_CLIENT.has(name)) kept[name] = value;
      }
      response.writeHead(status, kept);
    },
    onResponseData(_controller, chunk) {
      response.write(chunk);
    },
    onResponseEnd() {
      response.end();
    },
    onResponseError() {
      response.destroy();
    },
  };
  agent.dispatch({ origin, path: request.url ?? '/', method, headers, body: body.length === 0 ? null : body }, handler);
}

server.keepAliveTimeout = 75_000;
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on('disconnect', () => process.exit(0));
