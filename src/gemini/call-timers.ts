/** The two clocks of a call: its deadline, and the limit on the upstream's silence. */
export class CallTimers {
  readonly #deadline: NodeJS.Timeout;
  readonly #onSilence: (ms: number) => void;
  #silence: NodeJS.Timeout | undefined;
  #silenceMs = 0;

  /**
   * @param deadlineMs time for the whole call
   * @param onSilence told the limit that was reached, ms
   */
  constructor(deadlineMs: number, onDeadline: () => void, onSilence: (ms: number) => void) {
    this.#onSilence = onSilence;
    this.#deadline = setTimeout(onDeadline, deadlineMs);
  }

  /** Starts the deadline anew; for transfers that may take any time as long as they go on. */
  extend(): void {
    this.#deadline.refresh();
  }

  /** Starts or restarts the limit on silence (`ms`), or lifts it (`undefined`). Restarting the same limit is cheap. */
  silence(ms: number | undefined): void {
    if (ms !== undefined && ms === this.#silenceMs && this.#silence !== undefined) {
      this.#silence.refresh();
      return;
    }
    clearTimeout(this.#silence);
    this.#silence = undefined;
    if (ms === undefined) return;
    this.#silenceMs = ms;
    this.#silence = setTimeout(() => {
      this.#onSilence(ms);
    }, ms);
  }

  /** Ends both. */
  stop(): void {
    clearTimeout(this.#deadline);
    clearTimeout(this.#silence);
    this.#silence = undefined;
  }
}
