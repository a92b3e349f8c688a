/** The queue holds as many tasks as it may; nothing of the refused task was done. */
export class QueueFull extends Error {}

/** Runs at most `width` tasks at once, begun in the order they came, and holds at most `limit` of them. */
export class TaskQueue {
  readonly #tasks = new Set<Promise<unknown>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(
    private readonly limit: number,
    private readonly width: number,
  ) {}

  /** Tasks that wait or run. */
  get length(): number {
    return this.#tasks.size;
  }

  /** Runs a task when those before it leave room, whether they succeeded or not. Throws QueueFull past the limit. */
  run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#tasks.size >= this.limit) throw new QueueFull(`more than ${this.limit} tasks`);
    const result = this.#turn()
      .then(task)
      .finally(() => {
        this.#tasks.delete(ended);
        this.#running--;
        this.#waiting.shift()?.();
      });
    // Who asked for the task hears of its failure.
    const ended = result.catch(() => undefined);
    this.#tasks.add(ended);
    return result;
  }

  /** Resolves when every task that is in the queue now has ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#tasks);
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => {
      const begin = (): void => {
        this.#running++;
        resolve();
      };
      if (this.#running < this.width) begin();
      else this.#waiting.push(begin);
    });
  }
}
