/** UTF-16 units of pieces that may stand unjoined: some hundreds, with a few kilobytes of what holds them together. */
const LOOSE = 2048;
/** Of a longer text this share may be unjoined, so that joining it costs no more than its own length a few times over. */
const LOOSE_SHARE = 1 / 16;

/**
 * A text that comes in pieces. V8 keeps a text that was added up as the pieces themselves and their joints, three to four
 * times its size for the words of a stream; here it becomes one piece again and again.
 */
export class GrowingText {
  #text = '';
  #joined = 0;

  get value(): string {
    return this.#text;
  }

  /** Puts a piece behind what is there. */
  append(piece: string): void {
    this.#text += piece;
    const { length } = this.#text;
    if (length - this.#joined <= Math.max(LOOSE, length * LOOSE_SHARE)) return;
    this.#joined = length;
    // Looking at a character is what makes V8 join it.
    this.#text.charCodeAt(0);
  }
}
