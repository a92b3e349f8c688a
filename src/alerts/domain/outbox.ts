import { type AlertNotice } from './alert.js';

/** A notice on its way to one channel. */
export interface Waiting {
  readonly notice: AlertNotice;
  readonly attempts: number;
  /** Monotonic ms; not before. */
  readonly dueAt: number;
}

/** Most notices that wait for one channel; the oldest goes for a new one. */
export const MOST_WAITING = 100;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 300_000;

/** Notices that wait for one channel, in their order: one that cannot be delivered holds up those behind it. */
export class Outbox {
  #waiting: Waiting[] = [];

  /** Adds a notice; true when another had to go for it. */
  add(notice: AlertNotice, now: number): boolean {
    this.#waiting.push({ notice, attempts: 0, dueAt: now });
    if (this.#waiting.length <= MOST_WAITING) return false;
    this.#waiting.shift();
    return true;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** The notice to send now; undefined when none is due. */
  due(now: number): AlertNotice | undefined {
    const [first] = this.#waiting;
    return first !== undefined && first.dueAt <= now ? first.notice : undefined;
  }

  /** A notice was delivered, or will never be. */
  done(id: string): void {
    this.#waiting = this.#waiting.filter(({ notice }) => notice.id !== id);
  }

  /** A notice could not be delivered: it waits, longer each time, up to five minutes. */
  failed(id: string, now: number): void {
    this.#waiting = this.#waiting.map((one) => {
      if (one.notice.id !== id) return one;
      const wait = Math.min(FIRST_WAIT_MS * 2 ** one.attempts, LONGEST_WAIT_MS);
      return { ...one, attempts: one.attempts + 1, dueAt: now + wait };
    });
  }

  /** What waits, for the next life. */
  save(): AlertNotice[] {
    return this.#waiting.map(({ notice }) => notice);
  }
}
