import { type Splice, SpliceRefused } from './splice.js';

/** A whole new answer that must begin with what was delivered (same model again, another model, or after a checkpoint). */
export class ReplaySplice implements Splice {
  #at = 0;

  constructor(private readonly delivered: string) {}

  get joined(): boolean {
    return this.#at >= this.delivered.length;
  }

  push(text: string): string {
    if (this.joined) return text;
    const overlap = Math.min(text.length, this.delivered.length - this.#at);
    if (!this.delivered.startsWith(text.slice(0, overlap), this.#at)) throw new SpliceRefused('other_answer');
    this.#at += overlap;
    return text.slice(overlap);
  }

  end(): string {
    if (!this.joined) throw new SpliceRefused('too_short');
    return '';
  }
}
