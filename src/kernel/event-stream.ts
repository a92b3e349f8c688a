/** Receives one event; what it throws is reported, never passed on to the publisher. */
export type Listener<T> = (event: T) => void;

/**
 * Typed publish/subscribe inside the process. Publishing is synchronous, and a
 * listener that throws cannot break the publisher or the other listeners.
 */
export class EventStream<T> {
  #listeners: readonly Listener<T>[] = [];
  readonly #onListenerError: (error: unknown) => void;
  readonly #limit: number;

  /**
   * @param onListenerError told of what a listener threw
   * @param limit most listeners at once, so that a leak of subscriptions shows itself early
   */
  constructor(onListenerError: (error: unknown) => void = () => undefined, limit = 100) {
    this.#onListenerError = onListenerError;
    this.#limit = limit;
  }

  /** Adds a listener and returns the function that removes it. Throws RangeError past the limit. */
  subscribe(listener: Listener<T>): () => void {
    if (this.#listeners.length >= this.#limit) throw new RangeError(`more than ${this.#limit} listeners`);
    this.#listeners = [...this.#listeners, listener];
    return () => {
      this.#listeners = this.#listeners.filter((known) => known !== listener);
    };
  }

  /** Hands the event to every listener in the order they subscribed. */
  publish(event: T): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#onListenerError(error);
      }
    }
  }
}
