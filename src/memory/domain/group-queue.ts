import { QueueFull } from './task-queue.js';
import { type Write, type WriteOutcome } from './write.js';

/** Limits of a queue; bytes as the writes tell them. */
export interface GroupLimits {
  /** Most writes that wait or run. */
  readonly waiting: number;
  /** Most bytes that wait or run; one write is always taken. */
  readonly waitingBytes: number;
  /** Most writes of one group. */
  readonly group: number;
  /** Most bytes of one group; one write is always taken. */
  readonly groupBytes: number;
}

interface Waiting {
  readonly write: Write<unknown>;
  readonly settle: (outcome: WriteOutcome) => void;
}

/**
 * Makes a group durable and tells how each of its writes ended, in order; never rejects. It takes the group, once, as
 * late as it can: until then others may join.
 */
export type CommitGroup = (take: () => readonly Write<unknown>[]) => Promise<readonly WriteOutcome[]>;

/**
 * Group commit (DeWitt et al., 1984): while one group is made durable the next ones wait together, and then share what
 * making them durable costs. A write that finds nothing under way does not wait.
 */
export class GroupQueue {
  #waiting: Waiting[] = [];
  #length = 0;
  #bytes = 0;
  #running: Promise<void> | undefined;

  constructor(
    private readonly limits: GroupLimits,
    private readonly commit: CommitGroup,
  ) {}

  /** Writes that wait or run. */
  get length(): number {
    return this.#length;
  }

  /** Resolves when the write is durable, rejects when nothing of it was done. Throws QueueFull. */
  add<T>(write: Write<T>): Promise<T> {
    const { waiting, waitingBytes } = this.limits;
    const full = this.#length >= waiting || (this.#length > 0 && this.#bytes + write.bytes > waitingBytes);
    if (full) throw new QueueFull(`more than ${waiting} writes or ${waitingBytes} bytes`);
    this.#length++;
    this.#bytes += write.bytes;
    return new Promise<T>((resolve, reject) => {
      const settle = (outcome: WriteOutcome): void => {
        this.#length--;
        this.#bytes -= write.bytes;
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever the write has thrown
        if ('error' in outcome) reject(outcome.error);
        else resolve(outcome.value as T);
      };
      this.#waiting.push({ write, settle });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when all that wait now have ended. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group: Waiting[] = [];
      const outcomes = await this.commit(() => {
        group.push(...this.#next());
        return group.map(({ write }) => write);
      });
      group.forEach(({ settle }, place) => {
        settle(outcomes[place] ?? { error: new Error('the write was left out') });
      });
    }
    // In the same turn as the look at what waits: a write that comes later begins anew.
    this.#running = undefined;
  }

  #next(): Waiting[] {
    const { group, groupBytes } = this.limits;
    let bytes = 0;
    let end = 0;
    for (const { write } of this.#waiting) {
      bytes += write.bytes;
      if (end > 0 && (end >= group || bytes > groupBytes)) break;
      end++;
    }
    return this.#waiting.splice(0, end);
  }
}
