import { EXIT } from './platform/exit-codes.js';
import { type Departure } from './platform/lifecycle.js';
import { type Lives } from './platform/lives.js';
import { type Log, maskKeys } from './platform/logging.js';
import { type RunningNode } from './start-node.js';
import { WorkerLink } from './supervisor/index.js';

/** Longest wait for the last log lines to be taken, ms; who reads them may have stopped. */
const LAST_LINES_MS = 1000;
/** Longest wait of a process with a bug for another one in its place, ms: its own state is not to be relied on. */
const BUG_WAIT_MS = 30_000;

/** The one way in which the process ends: drained where it can be, with the reason noted, and with a code that tells it. */
export class ProcessEnd {
  #node: RunningNode | undefined;
  #leaving: Promise<void> | undefined;
  #signals = 0;
  /** Undefined where nobody supervises the process. */
  readonly #link: WorkerLink | undefined;

  constructor(
    private readonly log: Log,
    private readonly lives: Lives,
  ) {
    this.#link = WorkerLink.open((replaced) => {
      const reason = replaced ? 'another process serves in its place' : 'the supervisor stops';
      this.#asked({ code: EXIT.ok, kind: 'drained', cause: 'supervisor', reason });
    });
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        this.#signalled(signal);
      });
    }
    for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
      process.on(event, (error: unknown) => {
        this.#found(event, error);
      });
    }
  }

  /** Takes the node that serves: it is drained before the process ends, and its parts may ask for the end. */
  serves(node: RunningNode): void {
    this.#node = node;
    node.lifecycle.leaveBy((departure) => this.#leave(departure));
  }

  /** Ends the process without a drain, once the last log lines are taken. */
  now(departure: Departure | (Omit<Departure, 'kind'> & { readonly kind: 'unstarted' })): void {
    this.lives.end(departure);
    const exit = (): never => process.exit(departure.code);
    setTimeout(exit, LAST_LINES_MS);
    this.log.flush(exit);
  }

  /** Never resolves: the process ends before. */
  #leave(departure: Departure): Promise<void> {
    this.#leaving ??= this.#end(departure);
    return this.#leaving;
  }

  async #end(departure: Departure): Promise<void> {
    const replaced = await this.#replaced(departure);
    // A drain may be cut short by whoever waits for the exit; that the node was to be healed is known all the same.
    if (departure.kind !== 'drained') this.lives.end(departure);
    try {
      await this.#node?.drain(replaced);
      this.now(departure);
    } catch (error) {
      this.log.fatal({ err: error }, 'draining failed');
      this.now({ code: EXIT.bug, kind: 'bug', cause: 'drain_failed', reason: inShort(error) });
    }
    await new Promise(() => undefined);
  }

  /** Whether another process serves in the place of this one. A supervised process that wants to end waits until one does. */
  async #replaced({ kind, cause }: Departure): Promise<boolean> {
    if (this.#link === undefined || cause === 'signal') return false;
    if (kind === 'bug') setTimeout(() => this.#link?.waitNoMore(), BUG_WAIT_MS).unref();
    return await this.#link.replacement();
  }

  /** The first signal drains, the second ends the process now. */
  #signalled(signal: string): void {
    const departure = { code: EXIT.ok, kind: 'drained', cause: 'signal', reason: signal } as const;
    this.#signals++;
    if (this.#signals > 1) {
      this.lives.end({ ...departure, reason: `${signal} twice` });
      process.exit(EXIT.ok);
    }
    this.#link?.waitNoMore();
    if (process.stderr.isTTY) process.stderr.write(`${signal}: draining, again to stop now\n`);
    this.#asked(departure);
  }

  /** Somebody outside wants the process to end. While it starts there is nothing to drain. */
  #asked(departure: Departure): void {
    if (this.#node === undefined) {
      this.lives.end({ ...departure, reason: `${departure.reason}, while it started` });
      process.exit(departure.code);
    }
    void this.#node.lifecycle.leave(departure);
  }

  /** What nobody caught leaves the process in an unknown state: it is noted, told, and the process ends. */
  #found(event: string, error: unknown): void {
    const departure = { code: EXIT.bug, kind: 'bug', cause: event, reason: inShort(error) } as const;
    // First of all, since nothing that follows can be relied on.
    this.lives.end(departure);
    const leaving = this.#leaving !== undefined;
    this.log.fatal({ event, err: error }, 'unexpected error; the process ends');
    if (this.#node === undefined || leaving) this.now(departure);
    else void this.#node.lifecycle.leave(departure);
  }
}

/** What an error says in one line, without what is shaped like a key. */
function inShort(error: unknown): string {
  return error instanceof Error ? maskKeys(`${error.name}: ${error.message}`) : typeof error;
}
