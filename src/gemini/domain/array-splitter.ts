import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './json-bytes.js';
import { EventTooLarge } from './sse-splitter.js';

/** One element of a streamed JSON array. */
export interface ArrayElement {
  /** The element's bytes with everything before it since the last one: `[`, comma, white space. */
  readonly raw: Buffer;
  /** The element itself as text. */
  readonly text: string;
}

/**
 * Splits a JSON array of objects that arrives piece by piece, the form in which Gemini
 * streams without `alt=sse`, into whole elements. Whether the array was opened and closed
 * is for the caller to ask at the end.
 */
export class ArraySplitter {
  readonly #onElement: (element: ArrayElement) => void;
  readonly #limit: number;
  #carried: Buffer[] = [];
  #carriedBytes = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** Offset of the element's first brace from the start of the carried bytes. */
  #elementStart = -1;
  #opened = false;
  #closed = false;
  #foreign = false;

  /** @param limit most bytes of one element */
  constructor(limit: number, onElement: (element: ArrayElement) => void) {
    this.#limit = limit;
    this.#onElement = onElement;
  }

  /** True once the array's closing bracket has arrived. */
  get closed(): boolean {
    return this.#closed;
  }

  /** True when bytes came that cannot be of an array of objects. */
  get foreign(): boolean {
    return this.#foreign;
  }

  /** Takes the next bytes. Throws EventTooLarge. */
  push(chunk: Buffer): void {
    let from = this.#opened ? 0 : markLength(chunk);
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (this.#inString) {
        at = this.#skipString(chunk, at);
        continue;
      }
      if (this.#depth === 0) this.#outside(byte, this.#carriedBytes + at - from);
      else if (byte === QUOTE) this.#inString = true;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth++;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        this.#depth--;
        if (this.#depth > 0) continue;
        this.#hand(chunk.subarray(from, at + 1));
        from = at + 1;
      }
    }
    if (from < chunk.length) this.#carry(chunk.subarray(from));
  }

  /** The bytes behind the last whole element: the closing bracket, or what is unfinished. */
  rest(): Buffer {
    return Buffer.concat(this.#carried);
  }

  /** Between elements only brackets, commas and white space may stand. */
  #outside(byte: number, offset: number): void {
    if (byte === OPEN_BRACE) {
      // Without the opening bracket it is a bare object, such as an error.
      if (!this.#opened || this.#closed) this.#foreign = true;
      this.#depth = 1;
      this.#elementStart = offset;
    } else if (byte === OPEN_BRACKET && !this.#opened) this.#opened = true;
    else if (byte === CLOSE_BRACKET && this.#opened && !this.#closed) this.#closed = true;
    else if (byte !== 0x2c && byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) this.#foreign = true;
  }

  /** Moves to the end of the string or of the chunk; returns the index of the last byte consumed. */
  #skipString(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      if (this.#escaped) this.#escaped = false;
      else if (chunk[at] === BACKSLASH) this.#escaped = true;
      else if (chunk[at] === QUOTE) {
        this.#inString = false;
        return at;
      }
    }
    return chunk.length;
  }

  #hand(last: Buffer): void {
    const raw = this.#carriedBytes === 0 ? last : Buffer.concat([...this.#carried, last]);
    this.#carried = [];
    this.#carriedBytes = 0;
    if (raw.length > this.#limit) throw new EventTooLarge();
    this.#onElement({ raw, text: raw.toString('utf8', this.#elementStart) });
  }

  #carry(part: Buffer): void {
    this.#carried.push(part);
    this.#carriedBytes += part.length;
    if (this.#carriedBytes > this.#limit) throw new EventTooLarge();
  }
}

/** Length of the byte order mark that some servers send first, which JSON does not have (RFC 8259, section 8.1). */
function markLength(chunk: Buffer): number {
  return chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? 3 : 0;
}
