import { type AnswerKind, type AnswerTimes } from './answer-times.service.js';

/** Why a further target is asked while the first one is silent. */
export type OpinionUse = 'hedge' | 'beside';

/** Tells when a silent attempt has been silent for long enough to ask another beside it. */
export class SecondOpinion {
  #timer: NodeJS.Timeout | undefined;

  /** @param due told when it is time; false when nobody could be asked */
  constructor(
    private readonly times: AnswerTimes,
    private readonly due: (use: OpinionUse) => boolean,
  ) {}

  /** Begins to watch an attempt that was just sent; `several` says that there is another target to ask. */
  watch(kind: AnswerKind, several: boolean): void {
    this.stop();
    const besideMs = several ? this.times.besideMs(kind) : undefined;
    const hedgeMs = this.times.hedgeMs(kind);
    if (hedgeMs === undefined || (besideMs !== undefined && hedgeMs >= besideMs)) this.#awaitBeside(besideMs);
    else
      this.#timer = setTimeout(() => {
        if (!this.due('hedge') && besideMs !== undefined) this.#awaitBeside(besideMs - hedgeMs);
      }, hedgeMs);
  }

  /** Somebody has spoken, or the call is over. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #awaitBeside(ms: number | undefined): void {
    if (ms !== undefined) this.#timer = setTimeout(this.due, ms, 'beside');
  }
}
