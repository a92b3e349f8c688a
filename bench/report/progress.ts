/** Silence after which a sign of life is written, ms. */
const SIGN_OF_LIFE_MS = 5000;

/** Tells on standard error what is being measured, so that the report on standard output stays clean. */
export class Progress {
  readonly #started = process.hrtime.bigint();
  readonly #timer: NodeJS.Timeout;
  #written = Date.now();

  constructor() {
    this.#timer = setInterval(() => {
      if (Date.now() - this.#written >= SIGN_OF_LIFE_MS) this.#write('.');
    }, 1000).unref();
  }

  /** Begins a line. */
  start(text: string): void {
    const seconds = Number(process.hrtime.bigint() - this.#started) / 1e9;
    this.#write(`${seconds.toFixed(0).padStart(4)} s  ${text}`);
  }

  /** Goes on with the line. */
  step(text: string): void {
    this.#write(` ${text}`);
  }

  /** Ends the line. */
  end(): void {
    this.#write('\n');
  }

  /** A whole line. */
  line(text: string): void {
    this.start(text);
    this.end();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #write(text: string): void {
    this.#written = Date.now();
    process.stderr.write(text);
  }
}
