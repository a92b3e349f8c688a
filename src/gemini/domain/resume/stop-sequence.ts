import { endsInHalfPair } from './whole-pairs.js';

/**
 * Finds a stop sequence where a text is joined: the upstream of the new text knows nothing of a sequence that began
 * in the text before. Text that may be the beginning of a sequence is held until that is known.
 */
export class StopSequenceGuard {
  readonly #stops: readonly string[];
  readonly #longest: number;
  /** The end of what is with the client: as much as a sequence may have begun in. */
  #before: string;
  #held = '';
  #stopped = false;

  /** @param tail the end of what was delivered before */
  constructor(stops: readonly string[], tail: string) {
    this.#stops = stops.filter((stop) => stop !== '');
    this.#longest = Math.max(0, ...this.#stops.map((stop) => stop.length));
    this.#before = this.#endOf(tail);
  }

  /** Takes the next text; the text to deliver now, and whether the answer ends with it: all that follows is dropped. */
  push(text: string): { readonly text: string; readonly stopped: boolean } {
    if (this.#stopped) return { text: '', stopped: true };
    if (this.#stops.length === 0) return { text, stopped: false };
    const known = this.#before.length + this.#held.length;
    const all = this.#before + this.#held + text;
    const at = this.#firstStop(all, known);
    if (at !== undefined) {
      this.#stopped = true;
      this.#held = '';
      // What of the sequence was delivered cannot be taken back.
      return { text: all.slice(this.#before.length, Math.max(at, this.#before.length)), stopped: true };
    }
    return { text: this.#release(all), stopped: false };
  }

  /** The new text is complete: what is held. */
  end(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }

  /** Where the sequence begins that is complete first behind `known`; of two that end together the longer one. */
  #firstStop(all: string, known: number): number | undefined {
    let first: { readonly at: number; readonly end: number } | undefined;
    for (const stop of this.#stops) {
      const at = all.indexOf(stop, Math.max(0, known - stop.length + 1));
      const end = at + stop.length;
      if (at >= 0 && (first === undefined || end < first.end || (end === first.end && at < first.at))) {
        first = { at, end };
      }
    }
    return first?.at;
  }

  /** Holds the longest end that may become a sequence, and never less than half a surrogate pair. */
  #release(all: string): string {
    let from = Math.max(0, all.length - this.#longest + 1);
    while (from < all.length && !this.#mayBegin(all, from)) from++;
    from = Math.max(from, this.#before.length);
    if (from > this.#before.length && endsInHalfPair(all.slice(from - 1, from))) from--;
    const text = all.slice(this.#before.length, from);
    this.#held = all.slice(from);
    this.#before = this.#endOf(all.slice(0, from));
    return text;
  }

  #mayBegin(all: string, from: number): boolean {
    return this.#stops.some((stop) => all.length - from < stop.length && stop.startsWith(all.slice(from)));
  }

  #endOf(text: string): string {
    return this.#longest > 1 ? text.slice(-(this.#longest - 1)) : '';
  }
}
