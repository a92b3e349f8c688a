import { type Clock } from '../../kernel/clock.js';
import { type Log } from '../../platform/logging.js';
import { within } from '../../platform/within.js';
import { type Snapshot } from '../domain/push/family.js';
import { PushQueue } from '../domain/push/push-queue.js';
import { type PushOutcome, type PushTarget } from './push-target.js';

/** What became of one push, as a label. */
export type PushResult = PushOutcome['result'] | 'dropped';

/** What a pusher needs of the node. */
export interface PushSource {
  readonly clock: Clock;
  readonly log: Log;
  readonly snapshot: () => Promise<Snapshot>;
  readonly count: (target: string, result: PushResult) => void;
}

/** Pushes to one target, one at a time: at its interval, and again after a while what it did not take. */
export class Pusher<P> {
  readonly #queue: PushQueue<P>;
  #timer: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #failing = false;
  #closing = false;

  constructor(
    private readonly target: PushTarget<P>,
    private readonly source: PushSource,
  ) {
    this.#queue = new PushQueue(target.waiting, source.clock, Math.random);
  }

  /** Pushes from now on. */
  begin(): void {
    this.#timer = setInterval(() => void this.#push(), this.target.intervalMs).unref();
  }

  /** Pushes a last time, waits for that no longer than `limitMs`, and ends. */
  async close(limitMs: number): Promise<void> {
    this.#closing = true;
    clearInterval(this.#timer);
    clearTimeout(this.#retry);
    await within(
      limitMs,
      this.#push().then(() => this.#sending),
    );
    // What is still under way is waited for no longer.
    this.target.close().catch(() => undefined);
  }

  async #push(): Promise<void> {
    try {
      const payload = this.target.prepare(await this.source.snapshot());
      if (this.#queue.add(payload)) this.source.count(this.target.name, 'dropped');
    } catch (error) {
      // A metric that cannot be read, for which the next push may have a value.
      this.source.count(this.target.name, 'dropped');
      this.source.log.error({ event: 'metrics_not_pushed', err: error }, 'metrics cannot be put together for a push');
    }
    void this.#send();
  }

  /** Sends what waits; never rejects. */
  #send(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    // At the end there is no time to wait.
    while (this.#queue.waitMs === 0 || this.#closing) {
      const payload = this.#queue.next;
      if (payload === undefined) return;
      const outcome = await this.target.send(payload);
      this.source.count(this.target.name, outcome.result);
      this.#tell(outcome);
      if (outcome.result === 'failed') {
        this.#queue.failed(outcome.retryAfterMs);
        if (this.#closing) return;
      } else this.#queue.done(payload);
    }
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#send(), this.#queue.waitMs).unref();
  }

  /** Once when it begins to fail, and once when that is over. */
  #tell(outcome: PushOutcome): void {
    const failing = outcome.result !== 'ok';
    if (failing === this.#failing) return;
    this.#failing = failing;
    const target = this.target.name;
    if (outcome.result === 'ok') this.source.log.info({ event: 'metrics_pushed', target }, 'metrics are pushed again');
    else
      this.source.log.warn(
        { event: 'metrics_not_pushed', target, reason: outcome.reason },
        'metrics cannot be pushed; what waits is bounded, and the node goes on',
      );
  }
}
