import { type AttemptVerdict } from './verdict.js';

/**
 * Of all the errors of a call, the one that its caller should see: the model asked for saying what is wrong with the
 * request, else the first error, before any that is about a key of the node, and last a fallback that refuses a
 * request which was not written for it.
 */
export class OriginalError<E> {
  #error: E | undefined;
  #rank = -1;

  /** @param asked the model the caller asked for */
  constructor(private readonly asked: string | undefined) {}

  /** The error to show; undefined when there was none. */
  get error(): E | undefined {
    return this.#error;
  }

  /** Takes in the error of an attempt at a model. */
  add(error: E, verdict: AttemptVerdict, model: string): void {
    const rank = this.#rankOf(verdict, model === this.asked);
    if (rank <= this.#rank) return;
    this.#rank = rank;
    this.#error = error;
  }

  #rankOf({ cause }: AttemptVerdict, asked: boolean): number {
    if (cause === 'client_error' || cause === 'too_long') return asked ? 3 : 0;
    return cause === 'key' ? 1 : 2;
  }
}
