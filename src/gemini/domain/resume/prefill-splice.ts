import { isPlain, keyOf, standsOnce, withoutSpace } from './held-tail.js';
import { isPreamble } from './preamble.js';
import { type Splice, SpliceRefused } from './splice.js';
import { endsInHalfPair, WholePairs } from './whole-pairs.js';

export { prefillCut } from './prefill-cut.js';

/** UTF-16 units of a new answer within which the held tail must begin, unless it repeats all that was delivered. */
const WINDOW = 160;

/**
 * Joins the continuation of a prefilled answer at the tail that was held back. While it is looked for, the new answer
 * is kept: in the window first; behind it only an answer that repeats the prefill from its start is followed (`echo`)
 * until the held tail has to come (`seam`).
 */
export class PrefillSplice implements Splice {
  /** The prefill without the white space around it, which a new answer may have otherwise. */
  readonly #prefill: string;
  readonly #before: string;
  readonly #key: string;
  readonly #pairs = new WholePairs();
  #phase: 'window' | 'echo' | 'seam' | 'joined' = 'window';
  #buffer = '';
  /** UTF-16 units of the prefill that were repeated. */
  #echoed = 0;
  #refused: SpliceRefused | undefined;

  constructor(prefill: string, held: string) {
    this.#key = keyOf(held);
    this.#before = prefill + held.slice(0, held.length - this.#key.length);
    this.#prefill = prefill.trim();
    if (isPlain(this.#key)) this.#refused = new SpliceRefused('too_short');
    else if (endsInHalfPair(held)) this.#refused = new SpliceRefused('no_seam');
    else if (!standsOnce(withoutSpace(held), withoutSpace(prefill + held)))
      this.#refused = new SpliceRefused('ambiguous');
  }

  get joined(): boolean {
    return this.#phase === 'joined';
  }

  push(text: string): string {
    if (this.#phase === 'joined') return this.#pairs.push(text);
    if (this.#refused !== undefined) throw this.#refused;
    this.#buffer += text;
    return this.#look(false);
  }

  end(): string {
    if (this.#refused !== undefined) throw this.#refused;
    const rest = this.joined ? '' : this.#look(true);
    if (!this.joined) {
      // A piece of the delivered text is the same answer, ended early.
      this.#refuse((this.#before + this.#key).includes(this.#buffer.trim()) ? 'too_short' : 'no_seam');
    }
    return rest + this.#pairs.end();
  }

  #look(final: boolean): string {
    if (this.#phase === 'window') {
      const at = this.#buffer.indexOf(this.#key);
      const seen = this.#buffer.length >= WINDOW + this.#key.length;
      if (at >= 0 && at <= WINDOW) return this.#found(at, seen || final);
      if (!seen) return '';
      this.#leaveWindow();
    }
    if (this.#phase === 'echo') this.#followEcho();
    return this.#phase === 'seam' ? this.#meetSeam() : '';
  }

  /** The key stands in the window: what is before it must be the end of the prefill, nothing, or an introduction. */
  #found(at: number, seen: boolean): string {
    const lead = this.#buffer.slice(0, at);
    if (!this.#prefill.endsWith(lead.trim())) {
      if (!isPreamble(lead, this.#before, this.#key)) this.#refuse('no_seam');
      // An introduction may quote the key before the text goes on with it.
      if (!seen) return '';
      const again = this.#buffer.indexOf(this.#key, at + 1);
      if (again >= 0 && again <= WINDOW) this.#refuse('ambiguous');
    }
    return this.#join(this.#buffer.slice(at + this.#key.length));
  }

  #leaveWindow(): void {
    const text = this.#buffer.trimStart();
    if (this.#buffer.length - text.length > WINDOW) this.#refuse('no_seam');
    this.#buffer = text;
    this.#phase = 'echo';
  }

  #followEcho(): void {
    const known = this.#buffer.slice(0, this.#prefill.length - this.#echoed);
    if (!this.#prefill.startsWith(known, this.#echoed)) {
      const begun = this.#echoed > 0 || known.charAt(0) === this.#prefill.charAt(0);
      this.#refuse(begun ? 'other_answer' : 'no_seam');
    }
    this.#echoed += known.length;
    this.#buffer = this.#buffer.slice(known.length);
    if (this.#echoed === this.#prefill.length) this.#phase = 'seam';
  }

  /** All of the prefill was repeated: now only white space may stand before the key. */
  #meetSeam(): string {
    const text = this.#buffer.trimStart();
    if (this.#buffer.length - text.length > WINDOW) this.#refuse('no_seam');
    if (!this.#key.startsWith(text.slice(0, this.#key.length))) this.#refuse('other_answer');
    return text.length < this.#key.length ? '' : this.#join(text.slice(this.#key.length));
  }

  #join(rest: string): string {
    this.#phase = 'joined';
    this.#buffer = '';
    return this.#pairs.push(rest);
  }

  #refuse(why: SpliceRefused['why']): never {
    this.#buffer = '';
    this.#refused = new SpliceRefused(why);
    throw this.#refused;
  }
}
