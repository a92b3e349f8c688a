import { type Splice, SpliceRefused } from './splice.js';
import { endsInHalfPair, WholePairs } from './whole-pairs.js';

/** A whole new answer that must begin with what was delivered (same model again, another model, or after a checkpoint). */
export class ReplaySplice implements Splice {
  readonly #delivered: string;
  readonly #pairs = new WholePairs();
  /** UTF-16 units of what was delivered that the new answer has repeated. */
  #repeated = 0;
  #refused: SpliceRefused | undefined;

  constructor(delivered: string) {
    this.#delivered = delivered;
    // The client has shown the half as a broken character: nothing can be put right behind it.
    if (endsInHalfPair(delivered)) this.#refused = new SpliceRefused('no_seam');
  }

  get joined(): boolean {
    return this.#refused === undefined && this.#repeated === this.#delivered.length;
  }

  push(text: string): string {
    if (this.#refused !== undefined) throw this.#refused;
    if (this.joined) return this.#pairs.push(text);
    const known = text.slice(0, this.#delivered.length - this.#repeated);
    if (!this.#delivered.startsWith(known, this.#repeated)) this.#refuse('other_answer');
    this.#repeated += known.length;
    return this.#pairs.push(text.slice(known.length));
  }

  end(): string {
    if (this.#refused !== undefined) throw this.#refused;
    if (!this.joined) this.#refuse('too_short');
    return this.#pairs.end();
  }

  #refuse(why: SpliceRefused['why']): never {
    this.#refused = new SpliceRefused(why);
    throw this.#refused;
  }
}
