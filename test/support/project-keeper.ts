import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo } from 'node:net';

/** One request, as far as a keeper looks at it. */
export interface KeptCall {
  readonly method: string;
  readonly path: string;
  readonly project: string;
  readonly body: Buffer;
  readonly acceptsCompressed: boolean;
}

/** What a keeper answers: a JSON text, for the project of the key that asked. */
export type KeeperAnswer = { readonly status?: number; readonly type?: string; readonly body: string };

/** An upstream that answers by what a test tells it, and notes the project of each key: `project-key`. */
export interface ProjectKeeper {
  readonly url: string;
  readonly calls: KeptCall[];
  close(): Promise<void>;
}

/** Starts an upstream; `answer` says what becomes of a call. */
export async function startKeeper(answer: (call: KeptCall) => KeeperAnswer): Promise<ProjectKeeper> {
  const calls: KeptCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const call = callOf(request, Buffer.concat(chunks));
      calls.push(call);
      const { status = 200, type = 'application/json', body } = answer(call);
      response.writeHead(status, { 'content-type': type }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls, close };
}

function callOf({ method = '', url = '', headers }: IncomingMessage, body: Buffer): KeptCall {
  const key = headers['x-goog-api-key'] ?? headers.authorization?.slice('Bearer '.length) ?? '';
  return {
    method,
    path: url,
    project: String(key).split('-', 1)[0] ?? '',
    body,
    acceptsCompressed: headers['accept-encoding']?.includes('gzip') ?? false,
  };
}
