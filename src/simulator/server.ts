import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { FaultController } from './fault-controller.js';
import { Exchange } from './http/exchange.js';
import { SimulatorState } from './http/state.js';
import { type SimulatorOptions } from './options.js';
import { Refusal } from './refusal.js';
import { RequestJournal } from './request-journal.js';

/** A simulator that listens. */
export interface RunningSimulator {
  /** Base URL without a slash at the end, such as `http://127.0.0.1:43211`. */
  readonly url: string;
  readonly port: number;
  readonly faults: FaultController;
  readonly journal: RequestJournal;
  /** Stops listening and tears down what is still connected. */
  close(): Promise<void>;
}

/** Longer than any client keeps an idle connection, so that the simulator is not the one to close it. */
const KEEP_ALIVE_MS = 240_000;
const RELISTEN_MS = 50;

/** Starts a Gemini simulator; rejects when its port cannot be had. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const state = new SimulatorState(options);
  const journal = new RequestJournal(options.journalSize);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    void new Exchange(state, journal, request, response).run();
  });
  const host = options.host ?? '127.0.0.1';
  const door = new Door(server, host);
  const port = await door.open(options.port ?? 0);
  state.url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const refusal = new Refusal((refusing) => {
    state.refusing = refusing;
    if (refusing) door.shut();
    else door.reopen();
  });
  const faults = new FaultController(state.faults, refusal, state.clock);
  if (options.faults !== undefined) faults.set(options.faults);
  const close = (): Promise<void> => {
    faults.clear();
    return door.close();
  };
  return { url: state.url, port, faults, journal, close };
}

/** The listening socket: opened once, shut and opened again on the same port while connections are refused. */
class Door {
  readonly #server: Server;
  readonly #host: string;
  #port = 0;
  #closing = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(server: Server, host: string) {
    this.#server = server;
    this.#host = host;
  }

  /** `exclusive`: under a supervisor each process has its own, and none is taken for a node that serves. */
  open(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ port, host: this.#host, exclusive: true }, () => {
        this.#server.off('error', reject);
        // Somebody may take the port while it is shut; then it is tried again until it is free.
        this.#server.on('error', () => {
          this.#retry = setTimeout(() => {
            this.reopen();
          }, RELISTEN_MS);
        });
        this.#port = (this.#server.address() as AddressInfo).port;
        resolve(this.#port);
      });
    });
  }

  shut(): void {
    clearTimeout(this.#retry);
    if (this.#server.listening) this.#server.close();
  }

  reopen(): void {
    clearTimeout(this.#retry);
    if (this.#closing || this.#server.listening) return;
    this.#server.listen({ port: this.#port, host: this.#host, exclusive: true });
  }

  close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#retry);
    return new Promise((resolve) => {
      this.#server.close(() => {
        resolve();
      });
      this.#server.closeAllConnections();
    });
  }
}
