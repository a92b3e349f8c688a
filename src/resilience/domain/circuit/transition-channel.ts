import { type CircuitTransition } from './circuit-state.js';

/** Is told of one transition; what it throws or rejects with is reported and goes no further. */
export type TransitionListener = (transition: CircuitTransition) => unknown;

/** Most transitions that one cause may bring about through what listeners do; more is a listener that never rests. */
const CHAIN_LIMIT = 64;

/**
 * Tells transitions to listeners, in the order in which they happened. A listener may call
 * the circuit again: what follows from that is told when all have heard of what is being
 * told, so that nobody hears of a closing before the opening.
 */
export class TransitionChannel {
  readonly #onError: (error: unknown) => void;
  readonly #waiting: CircuitTransition[] = [];
  #listeners: readonly TransitionListener[] = [];
  #telling = false;

  /** @param onError told of what listeners and classifiers throw */
  constructor(onError: (error: unknown) => void = () => undefined) {
    this.#onError = onError;
  }

  /** Adds a listener and returns the function that removes it. */
  subscribe(listener: TransitionListener): () => void {
    const own: TransitionListener = (transition) => listener(transition);
    this.#listeners = [...this.#listeners, own];
    return () => {
      this.#listeners = this.#listeners.filter((known) => known !== own);
    };
  }

  /** Tells all listeners; never throws. */
  publish(transition: CircuitTransition): void {
    if (this.#listeners.length === 0) return;
    this.#waiting.push(transition);
    if (this.#telling) return;
    this.#telling = true;
    for (let told = 0; told < CHAIN_LIMIT; told++) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      for (const listener of this.#listeners) this.#tell(listener, next);
    }
    if (this.#waiting.length > 0) {
      this.#waiting.length = 0;
      this.report(new Error(`listeners of circuits brought about more than ${CHAIN_LIMIT} transitions at once`));
    }
    this.#telling = false;
  }

  /** Passes on an error that must not reach a call; never throws. */
  report(error: unknown): void {
    try {
      this.#onError(error);
    } catch {
      // Who is told of errors has one of its own; there is nobody left to tell.
    }
  }

  #tell(listener: TransitionListener, transition: CircuitTransition): void {
    try {
      const result = listener(transition);
      // A rejection that nobody handles would end the process.
      if (result instanceof Promise) {
        result.catch((error: unknown) => {
          this.report(error);
        });
      }
    } catch (error) {
      this.report(error);
    }
  }
}
