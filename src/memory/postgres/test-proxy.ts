import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What becomes of a connection when the client asks for a commit. */
export type CommitFate = 'passes' | 'is cut before' | 'is cut after';

/** Stands between the store and a server, and can break connections at the worst of moments. */
export class TestProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  fate: CommitFate = 'passes';
  /** Commits that were asked for. */
  commits = 0;

  private constructor(target: URL) {
    this.#server = createServer((client) => {
      const server = connect(Number(target.port), target.hostname);
      for (const socket of [client, server]) {
        this.#sockets.add(socket);
        socket
          .on('error', () => undefined)
          .on('close', () => {
            client.destroy();
            server.destroy();
            this.#sockets.delete(socket);
          });
      }
      client.on('data', (data) => {
        const cut = data.includes('COMMIT\0') ? this.#committing() : 'passes';
        if (cut === 'is cut before') client.destroy();
        else if (cut === 'is cut after') {
          // Nothing of the answer gets through, and the server has done its work when it closes.
          server.removeAllListeners('data').end(data);
          server.resume();
        } else server.write(data);
      });
      server.on('data', (data) => client.write(data));
    });
  }

  /** Starts a proxy in front of the server at this address; the address to use instead. */
  static async start(url: string): Promise<{ readonly proxy: TestProxy; readonly url: string }> {
    const target = new URL(url);
    const proxy = new TestProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    const through = new URL(url);
    through.port = String((proxy.#server.address() as AddressInfo).port);
    return { proxy, url: through.href };
  }

  /** Ends it with all its connections. */
  async end(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Only the next commit meets its fate. */
  #committing(): CommitFate {
    this.commits++;
    const { fate } = this;
    this.fate = 'passes';
    return fate;
  }
}
