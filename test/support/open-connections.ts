import { connect, type Socket } from 'node:net';

/** Connections that a test opens to a node at a steady pace and holds without a word. */
export class OpenConnections {
  readonly #held: Socket[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly url: string) {}

  /** Opens one more in every so many ms. */
  grow(everyMs: number): void {
    const { port, hostname } = new URL(this.url);
    this.#timer = setInterval(() => {
      // Refused at the limit, or broken off with the node.
      this.#held.push(connect(Number(port), hostname).on('error', () => undefined));
    }, everyMs);
  }

  /** Gives all of them back. */
  close(): void {
    clearInterval(this.#timer);
    for (const socket of this.#held) socket.destroy();
    this.#held.length = 0;
  }
}
