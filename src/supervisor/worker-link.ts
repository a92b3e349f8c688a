import cluster from 'node:cluster';
import { isMessage, type Leave, type ReplaceMe } from './messages.js';

/** A worker's line to its supervisor. */
export class WorkerLink {
  /** Settles the wait for an order; later calls do nothing. */
  #settle: (replaced: boolean) => void = () => undefined;
  readonly #order = new Promise<boolean>((resolve) => (this.#settle = resolve));

  private constructor(onLeave: (replaced: boolean) => void) {
    process.on('message', (message) => {
      if (!isMessage<Leave>(message, 'leave')) return;
      this.#settle(message.replaced);
      onLeave(message.replaced);
    });
    // A terminal that closes, or a rolling restart asked of the whole group: the supervisor knows what to do.
    process.on('SIGHUP', () => undefined);
  }

  /** The line of this process; undefined when nobody supervises it. `onLeave` is told when it is to leave. */
  static open(onLeave: (replaced: boolean) => void): WorkerLink | undefined {
    return cluster.isWorker ? new WorkerLink(onLeave) : undefined;
  }

  /** Asks for another process in the place of this one; resolves when this one is to leave, with whether it was replaced. */
  replacement(): Promise<boolean> {
    const wish: ReplaceMe = { l104: 'replace_me' };
    // Without a supervisor there is nobody to wait for; the process is about to end.
    if (process.connected) process.send?.(wish);
    return this.#order;
  }

  /** Ends the wait for another process. */
  waitNoMore(): void {
    this.#settle(false);
  }
}
