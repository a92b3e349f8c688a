import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between the node and its upstream, and can leave connections half open: alive to see, with nothing coming through. */
export interface FreezingProxy {
  readonly url: string;
  /** Connections that are open and not frozen. */
  readonly open: number;
  /** From now on nothing passes over the connections there are, but for the first `spared`; those made later work. */
  freeze(spared?: number): void;
  /** Nothing passes over any connection, those made later included, until it thaws; then new ones work. */
  freezeAll(): void;
  thaw(): void;
  close(): Promise<void>;
}

/** Starts such a proxy in front of the server at this address. */
export async function startFreezing(target: string): Promise<FreezingProxy> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<readonly [Socket, Socket]>();
  const frozen = new Set<Socket>();
  let cold = false;
  const server = createServer((near) => {
    if (cold) {
      frozen.add(near.pause().on('error', () => undefined));
      return;
    }
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
  const freeze = (spared = 0): void => {
    for (const pair of [...pairs].slice(spared)) {
      pairs.delete(pair);
      for (const socket of pair) {
        frozen.add(socket);
        socket.removeAllListeners('data').removeAllListeners('close').pause();
      }
    }
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get open() {
      return pairs.size;
    },
    freeze,
    freezeAll() {
      cold = true;
      freeze();
    },
    thaw() {
      cold = false;
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
