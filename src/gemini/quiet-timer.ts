/**
 * Calls back when nothing has happened for a while, again and again. It looks at intervals whether something has: what
 * happens costs no more than a mark, where putting a timer off costs a look at the clock and a place in its lists.
 */
export class QuietTimer {
  readonly #timer: NodeJS.Timeout;
  #touched = false;
  #quiet = 0;

  /**
   * @param intervalMs between two looks
   * @param looks that must find it quiet: it is called after `looks` to `looks + 1` intervals of quiet
   */
  constructor(intervalMs: number, looks: number, onQuiet: () => void) {
    this.#timer = setInterval(() => {
      this.#quiet = this.#touched ? 0 : this.#quiet + 1;
      this.#touched = false;
      if (this.#quiet < looks) return;
      this.#quiet = 0;
      onQuiet();
    }, intervalMs);
  }

  /** Something has happened; true where it is the first since the last look. */
  touch(): boolean {
    const first = !this.#touched;
    this.#touched = true;
    return first;
  }

  /** Nothing is called any more. */
  stop(): void {
    clearInterval(this.#timer);
  }
}
