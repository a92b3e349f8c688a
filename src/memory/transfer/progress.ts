/** Time between two lines where progress is told in lines, ms: enough to see that it goes on, without filling a log. */
const LINE_EVERY_MS = 5000;

/** Time between two pictures of the bar, ms. */
const BAR_EVERY_MS = 100;
const BAR_WIDTH = 24;

/** Where progress is told. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Tells how far long work has come: a bar on a terminal, a line now and then elsewhere. */
export class Progress {
  readonly #begun: number;
  #told: number;
  #done = 0;
  #shown = false;

  /**
   * @param total rows there will be, about
   * @param now time that only grows, ms
   */
  constructor(
    private readonly title: string,
    private readonly total: number,
    private readonly output: ProgressOutput,
    private readonly now: () => number,
  ) {
    this.#begun = this.#told = now();
  }

  /** Rows done so far. */
  get done(): number {
    return this.#done;
  }

  /** Seconds since the work began. */
  get seconds(): number {
    return (this.now() - this.#begun) / 1000;
  }

  /** Adds rows that are done. */
  add(rows: number): void {
    this.#done += rows;
    const bar = this.output.isTTY === true;
    if (this.now() - this.#told < (bar ? BAR_EVERY_MS : LINE_EVERY_MS)) return;
    this.#told = this.now();
    this.#shown = true;
    this.output.write(bar ? `\r${this.#bar()} ${this.#text()}\x1b[K` : `${this.#text()}\n`);
  }

  /** Clears the bar away. */
  end(): void {
    if (this.#shown && this.output.isTTY === true) this.output.write('\r\x1b[K');
  }

  #bar(): string {
    const full = Math.round(this.#part() * BAR_WIDTH);
    const [done, left] = ['#'.repeat(full), '-'.repeat(BAR_WIDTH - full)];
    const colour = (process.env['NO_COLOR'] ?? '') === '';
    return colour ? `[\x1b[32m${done}\x1b[39m${left}]` : `[${done}${left}]`;
  }

  #text(): string {
    const pace = Math.round(this.#done / Math.max(this.seconds, 0.001));
    const percent = Math.floor(this.#part() * 100);
    return `${this.title}: ${percent} %, ${this.#done} of ${this.total} rows, ${pace} rows/s`;
  }

  #part(): number {
    return this.total === 0 ? 1 : Math.min(1, this.#done / this.total);
  }
}
