/** Opens a stamp; does not occur in the rest of an answer. */
const MARK = '@@';
/** Digits of a stamp: microseconds of the machine's monotonic clock. */
const DIGITS = 16;
const LENGTH = MARK.length + DIGITS;

/** A time (ms of the machine's clock) as text of fixed length. */
export function stampOf(ms: number): string {
  return MARK + String(Math.round(ms * 1000)).padStart(DIGITS, '0');
}

/** Finds the stamps in a stream of bytes, also where they are cut in two. */
export class StampReader {
  #rest = '';

  /** Calls back with the time, ms, of every stamp that is complete now. */
  push(chunk: Buffer, onStamp: (ms: number) => void): void {
    const text = this.#rest + chunk.toString('latin1');
    let from = 0;
    for (;;) {
      const at = text.indexOf(MARK, from);
      if (at < 0) {
        // The mark itself may be cut.
        this.#rest = text.endsWith('@') ? '@' : '';
        return;
      }
      if (at + LENGTH > text.length) {
        this.#rest = text.slice(at);
        return;
      }
      from = at + LENGTH;
      onStamp(Number(text.slice(at + MARK.length, from)) / 1000);
    }
  }
}
