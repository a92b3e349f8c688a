import { StoreFault } from '../domain/store-fault.js';

/** The time a piece of work may take in all. */
export class TimeLimit {
  readonly #timer: NodeJS.Timeout;
  readonly #expired: Promise<never>;
  #over = false;

  /**
   * @param ms from now
   * @param expire is called when they are over, unless the work has ended
   */
  constructor(ms: number, expire: () => void) {
    let reject: (fault: StoreFault) => void = () => undefined;
    this.#expired = new Promise<never>((_, no) => (reject = no));
    this.#expired.catch(() => undefined);
    this.#timer = setTimeout(() => {
      this.#over = true;
      expire();
      reject(new StoreFault('unreachable'));
    }, ms);
  }

  /** Whether the time is over. */
  get over(): boolean {
    return this.#over;
  }

  /** What the work comes to, or StoreFault when the time is over first. */
  async hold<T>(work: Promise<T>): Promise<T> {
    return await Promise.race([work, this.#expired]);
  }

  /** The work has ended. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
