import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between the node and its upstream, and can leave connections half open: alive to see, with nothing coming through. */
export interface FreezingProxy {
  readonly url: string;
  /** Connections that are open and not frozen. */
  readonly open: number;
  /** From now on nothing passes over the connections there are, but for the first `spared`; those made later work. */
  freeze(spared?: number): void;
  close(): Promise<void>;
}

/** Starts such a proxy in front of the server at this address. */
export async function startFreezing(target: string): Promise<FreezingProxy> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<readonly [Socket, Socket]>();
  const frozen = new Set<Socket>();
  const server = createServer((near) => {
    const pair = [near, connect(Number(port), hostname)] as const;
    const [, far] = pair;
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('data', (data) => to.write(data));
      from.on('error', () => undefined);
      from.on('close', () => {
        pairs.delete(pair);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get open() {
      return pairs.size;
    },
    freeze(spared = 0) {
      for (const pair of [...pairs].slice(spared)) {
        pairs.delete(pair);
        for (const socket of pair) {
          frozen.add(socket);
          socket.removeAllListeners('data').removeAllListeners('close').pause();
        }
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of [...frozen, ...[...pairs].flat()]) socket.destroy();
      }),
  };
}
