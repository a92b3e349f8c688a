/** A limit on how long the upstream may say nothing, set anew at every sign of progress. */
export class SilenceLimit {
  #timer: NodeJS.Timeout | undefined;
  #ms = 0;

  /** @param onSilence told the limit that was reached, ms */
  constructor(private readonly onSilence: (ms: number) => void) {}

  /** Starts or restarts the limit (`ms`), or lifts it (`undefined`). Restarting the same limit is cheap. */
  set(ms: number | undefined): void {
    if (ms !== undefined && ms === this.#ms && this.#timer !== undefined) {
      this.#timer.refresh();
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (ms === undefined) return;
    this.#ms = ms;
    this.#timer = setTimeout(() => {
      this.onSilence(ms);
    }, ms);
  }
}
