import { QuietTimer } from './quiet-timer.js';

/** Looks within a limit; so it may be found reached by an eighth of it too late, and never too early. */
const LOOKS = 8;

/** Whose silence is limited. */
export interface Speaker {
  /** How many signs of progress there have been: the limit begins anew at each. */
  readonly signs: () => number;
  /** Told the limit that was reached, ms. */
  readonly onSilence: (ms: number) => void;
  /** There was progress: told at most once in an eighth of the limit. */
  readonly onProgress: () => void;
}

/** A limit on how long the upstream may say nothing, set anew at every sign of progress. */
export class SilenceLimit {
  #timer: QuietTimer | undefined;
  #ms = 0;

  constructor(private readonly speaker: Speaker) {}

  /** Sets the limit (`ms`), or lifts it (`undefined`). One that holds already goes on. */
  set(ms: number | undefined): void {
    if (ms !== undefined && ms === this.#ms && this.#timer !== undefined) return;
    this.#timer?.stop();
    this.#timer = undefined;
    if (ms === undefined) return;
    this.#ms = ms;
    const { signs, onSilence, onProgress } = this.speaker;
    const onQuiet = (): void => {
      this.set(undefined);
      onSilence(ms);
    };
    this.#timer = new QuietTimer(ms / LOOKS, LOOKS, { signs, onQuiet, onSigns: onProgress });
  }
}
