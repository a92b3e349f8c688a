/** UTF-16 units of pieces that may stand unjoined: some hundreds, with a few kilobytes of what holds them together. */
const LOOSE = 2048;

/**
 * A text that comes in pieces. V8 keeps a text that was added up as the pieces themselves and their joints, three to four
 * times its size for the words of a stream; here some kilobytes of them become one block again and again. The blocks
 * become one text only when it is asked for: joining all of it whenever it has grown would copy it many times over.
 */
export class GrowingText {
  #blocks: string[] = [];
  #loose = '';
  #length = 0;

  /** UTF-16 units of what is there. */
  get length(): number {
    return this.#length;
  }

  get value(): string {
    if (this.#blocks.length === 0) return this.#loose;
    if (this.#blocks.length > 1 || this.#loose !== '') {
      this.#blocks = [this.#blocks.join('') + this.#loose];
      this.#loose = '';
    }
    return this.#blocks[0] as string;
  }

  /** Puts a piece behind what is there. */
  append(piece: string): void {
    this.#loose += piece;
    this.#length += piece.length;
    if (this.#loose.length <= LOOSE) return;
    // Looking at a character is what makes V8 join it.
    this.#loose.charCodeAt(0);
    this.#blocks.push(this.#loose);
    this.#loose = '';
  }
}
