import { type Clock } from '../../kernel/clock.js';

/** Least time between two tries, ms: each makes the disk work. */
const INTERVAL_MS = 10_000;

/** What a try of the store has come to: why it failed, or that it has not ended in time. */
export type TrialTrouble = { readonly kind: 'failed'; readonly why: string } | { readonly kind: 'late' };

/**
 * Tries now and then whether a write to the store is durable and can be read back. One try at a time: while one hangs, it is
 * late, and no other is begun.
 */
export class StoreTrial {
  #trouble: TrialTrouble | undefined;
  #running: Promise<void> | undefined;
  #triedAt = Number.NEGATIVE_INFINITY;

  /**
   * @param tried makes the try; rejects when it fails
   * @param whyOf what a failure says of the store, undefined where nothing
   */
  constructor(
    private readonly clock: Clock,
    private readonly tried: () => Promise<void>,
    private readonly whyOf: (error: unknown) => string | undefined,
  ) {}

  /** What the last try that has said anything has found; undefined when it was well. */
  get trouble(): TrialTrouble | undefined {
    return this.#trouble;
  }

  /** Makes a try, unless one was made just now, and waits for it until the signal fires. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#running === undefined) {
      if (this.clock.now() - this.#triedAt < INTERVAL_MS) return;
      this.#triedAt = this.clock.now();
      this.#running = this.#try();
    }
    const late = await Promise.race([this.#running.then(() => false), fired(signal)]);
    if (late) this.#trouble = { kind: 'late' };
  }

  /** What was found is no longer held against the store. */
  forget(): void {
    this.#trouble = undefined;
    this.#triedAt = Number.NEGATIVE_INFINITY;
  }

  async #try(): Promise<void> {
    try {
      await this.tried();
      this.#trouble = undefined;
    } catch (error) {
      const why = this.whyOf(error);
      this.#trouble = why === undefined ? undefined : { kind: 'failed', why };
    } finally {
      this.#running = undefined;
    }
  }
}

function fired(signal: AbortSignal): Promise<true> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(true);
    else
      signal.addEventListener('abort', () => {
        resolve(true);
      });
  });
}
