import { QuietTimer } from './quiet-timer.js';

/** Looks within a limit; so it may be found reached by an eighth of it too late, and never too early. */
const LOOKS = 8;

/** A limit on how long the upstream may say nothing, set anew at every sign of progress. */
export class SilenceLimit {
  #timer: QuietTimer | undefined;
  #ms = 0;

  /** @param onSilence told the limit that was reached, ms */
  constructor(private readonly onSilence: (ms: number) => void) {}

  /** A sign of progress: a limit that is set begins anew. */
  touch(): void {
    this.#timer?.touch();
  }

  /**
   * Starts or restarts the limit (`ms`), or lifts it (`undefined`). Restarting the same limit costs next to nothing.
   * @returns false where the same was restarted less than an eighth of it ago: what need not be done each time is done otherwise
   */
  set(ms: number | undefined): boolean {
    if (ms !== undefined && ms === this.#ms && this.#timer !== undefined) return this.#timer.touch();
    this.#timer?.stop();
    this.#timer = undefined;
    if (ms === undefined) return true;
    this.#ms = ms;
    this.#timer = new QuietTimer(ms / LOOKS, LOOKS, () => {
      this.#timer?.stop();
      this.#timer = undefined;
      this.onSilence(ms);
    });
    return true;
  }
}
