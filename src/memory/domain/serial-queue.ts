/** The queue holds as many tasks as it may; nothing of the refused task was done. */
export class QueueFull extends Error {}

/** Runs tasks one after another, in the order they came, and holds at most `limit` of them. */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #length = 0;

  constructor(private readonly limit: number) {}

  /** Tasks that wait or run. */
  get length(): number {
    return this.#length;
  }

  /** Runs a task when those before it are done, whether they succeeded or not. Throws QueueFull past the limit. */
  run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#length >= this.limit) throw new QueueFull(`more than ${this.limit} tasks`);
    this.#length++;
    const result = this.#tail.then(task).finally(() => {
      this.#length--;
    });
    // The next task follows however this one ends; who asked for it hears of its failure.
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** Resolves when every task that is in the queue now has ended. */
  async idle(): Promise<void> {
    await this.#tail;
  }
}
