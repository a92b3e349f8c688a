import { Socket } from 'node:net';
import { DataSource, type QueryRunner } from 'typeorm';
import { serverFaultKind } from '../domain/server-fault.js';
import { StoreFault, storeFault } from '../domain/store-fault.js';
import { dataSourceOptions, type PostgresOptions } from './data-source-options.js';
import { TimeLimit } from './time-limit.js';

/** What is done with a connection that nothing else uses meanwhile. */
export type ConnectionWork<T> = (runner: QueryRunner) => Promise<T>;

/** Work that must not be begun again although its connection broke. */
export class NotAgain extends Error {}

/** Times that work is begun in all: connections may have died unseen, and transactions can stand in each other's way. */
const ATTEMPTS = 3;

/** Faults after which a new connection may do what the old one did not. */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set(['broken', 'unreachable', 'stopping']);

/** Serialization failure and deadlock: the server has rolled back, and asks to begin anew. */
const BEGIN_ANEW = new Set(['40001', '40P01']);

/** The connections to a server, opened as they are needed and given up as soon as one of them is in doubt. */
export class PostgresConnections {
  /** The sockets that are open, and what resolves when one is closed. */
  readonly #sockets = new Map<Socket, Promise<unknown>>();
  #source: DataSource | undefined;

  constructor(private readonly options: PostgresOptions) {}

  /** A limit for work that begins now; past it every connection is given up: even its own limits have not made the server answer. */
  limit(): TimeLimit {
    return new TimeLimit(this.options.timeoutMs, () => void this.#giveUp([...this.#sockets.keys()]));
  }

  /** Connects, unless that was done before. Throws StoreFault. */
  async connect(): Promise<void> {
    if (this.#source !== undefined) return;
    const limit = this.limit();
    try {
      const source = new DataSource(await dataSourceOptions(this.options, () => this.#openSocket()));
      await limit.hold(source.initialize());
      this.#source = source;
    } catch (error) {
      await this.#giveUp([...this.#sockets.keys()]);
      throw connectFault(error);
    } finally {
      limit.end();
    }
  }

  /**
   * Runs work on a connection, anew on another one where only the connection was at fault or the server asks for it:
   * work must be fit to run twice, or throw NotAgain. Throws what the work throws, and StoreFault for what is wrong
   * with the server. Without a limit it has one of its own.
   */
  async run<T>(work: ConnectionWork<T>, limit?: TimeLimit): Promise<T> {
    if (limit !== undefined) return await limit.hold(this.#attempts(work, limit));
    const own = this.limit();
    try {
      return await own.hold(this.#attempts(work, own));
    } finally {
      own.end();
    }
  }

  /** Closes all connections; one that does not close in time is cut off. */
  async close(): Promise<void> {
    const limit = this.limit();
    try {
      await limit.hold(this.#source?.destroy() ?? Promise.resolve());
    } finally {
      limit.end();
      this.#source = undefined;
      for (const socket of this.#sockets.keys()) socket.destroySoon();
    }
  }

  async #attempts<T>(work: ConnectionWork<T>, limit: TimeLimit): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once(work, limit);
      } catch (error) {
        const again = error instanceof StoreFault ? OF_THE_CONNECTION.has(error.kind) : BEGIN_ANEW.has(codeOf(error));
        if (attempt === ATTEMPTS || !again || limit.over) throw error;
      }
    }
  }

  async #once<T>(work: ConnectionWork<T>, limit: TimeLimit): Promise<T> {
    const runner = this.#source?.createQueryRunner();
    if (runner === undefined) throw new StoreFault('broken');
    let suspects = [...this.#sockets.keys()];
    let connected = false;
    try {
      await runner.connect();
      connected = true;
      suspects = [...this.#sockets.keys()];
      // What was told to have failed must not be done after all.
      if (limit.over) throw new StoreFault('unreachable');
      return await work(runner);
    } catch (error) {
      const lost = runner.isReleased ? new StoreFault('unreachable', error) : undefined;
      const fault = connected ? (storeFault(error) ?? lost) : connectFault(error);
      // They are closed before one of them is taken for good again.
      if (fault !== undefined && OF_THE_CONNECTION.has(fault.kind)) await this.#giveUp(suspects);
      throw error instanceof NotAgain || BEGIN_ANEW.has(codeOf(error)) ? error : (fault ?? error);
    } finally {
      await runner.release();
    }
  }

  #openSocket(): Socket {
    const socket = new Socket();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    this.#sockets.set(
      socket,
      closed.then(() => this.#sockets.delete(socket)),
    );
    return socket;
  }

  async #giveUp(sockets: readonly Socket[]): Promise<void> {
    for (const socket of sockets) socket.destroy();
    await Promise.all(sockets.map((socket) => this.#sockets.get(socket) ?? Promise.resolve()));
  }
}

/** What an error on the way to the server says of it. */
function connectFault(error: unknown): StoreFault {
  if (error instanceof StoreFault) return error;
  // The driver's own words, without a code.
  const clear = error instanceof Error && error.message.startsWith('The server does not support SSL');
  return new StoreFault(clear ? 'untrusted' : (serverFaultKind(codeOf(error)) ?? 'unreachable'), error);
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code);
}
