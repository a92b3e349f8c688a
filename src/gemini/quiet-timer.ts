/** What a quiet timer watches. */
export interface Watched {
  /** How many signs of life there have been: the timer asks for it, so that a sign costs no more than to count it. */
  readonly signs: () => number;
  /** There was no sign for so long. */
  readonly onQuiet: () => void;
  /** There were signs since the last look. */
  readonly onSigns?: () => void;
}

/**
 * Calls back when nothing has happened for a while, again and again. It looks at intervals whether something has: where a
 * timer is put off instead, each sign costs a look at the clock and a place in a list.
 */
export class QuietTimer {
  readonly #timer: NodeJS.Timeout;
  #seen: number;
  #quiet = 0;

  /**
   * @param intervalMs between two looks
   * @param looks that must find it quiet: it is called after `looks` to `looks + 1` intervals of quiet
   */
  constructor(intervalMs: number, looks: number, { signs, onQuiet, onSigns }: Watched) {
    this.#seen = signs();
    this.#timer = setInterval(() => {
      const now = signs();
      if (now !== this.#seen) {
        this.#seen = now;
        this.#quiet = 0;
        onSigns?.();
      } else if (++this.#quiet >= looks) {
        this.#quiet = 0;
        onQuiet();
      }
    }, intervalMs);
  }

  /** Nothing is called any more. */
  stop(): void {
    clearInterval(this.#timer);
  }
}
