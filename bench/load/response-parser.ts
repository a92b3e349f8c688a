/** Hears what a response consists of. */
export interface ResponseListener {
  head(status: number): void;
  body(part: Buffer): void;
  end(): void;
}

/** Longest head or line of a chunk that is taken in, bytes. */
const LONGEST_HEAD = 64 * 1024;

/**
 * Reads one HTTP/1.1 response after the other, with a length or chunked, as little as
 * measuring needs: a full client would cost more than the targets. Throws what it cannot read.
 */
export class ResponseParser {
  #state: 'head' | 'body' | 'size' | 'chunk' | 'chunk-end' | 'trailer' = 'head';
  /** Bytes that are not enough to go on with. */
  #rest: Buffer = Buffer.alloc(0);
  /** Bytes still to come of the body or chunk. */
  #left = 0;

  constructor(private readonly listener: ResponseListener) {}

  /** Takes the next bytes. */
  push(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const used = this.#step(bytes);
      if (used === 0) break;
      bytes = bytes.subarray(used);
    }
    if (bytes.length > LONGEST_HEAD) throw new Error('a head without an end');
    this.#rest = bytes;
  }

  /** Makes one step; returns the bytes it took, 0 when more are needed. */
  #step(bytes: Buffer): number {
    if (bytes.length === 0) return 0;
    switch (this.#state) {
      case 'head':
        return this.#head(bytes);
      case 'body':
      case 'chunk':
        return this.#part(bytes);
      case 'size':
        return this.#size(bytes);
      case 'chunk-end':
        return this.#line(bytes, 'size');
      case 'trailer':
        return this.#line(bytes, 'head');
    }
  }

  #head(bytes: Buffer): number {
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0) return 0;
    const text = bytes.toString('latin1', 0, end + 2).toLowerCase();
    const status = Number(text.slice(9, 12));
    if (!text.startsWith('http/1.1 ') || Number.isNaN(status)) throw new Error('no HTTP/1.1 response');
    const length = /\r\ncontent-length: *(\d+)\r\n/.exec(text)?.[1];
    if (length === undefined && !text.includes('\r\ntransfer-encoding: chunked\r\n'))
      throw new Error('a body without an end');
    this.listener.head(status);
    if (length === undefined) this.#state = 'size';
    else this.#begin(Number(length));
    return end + 4;
  }

  #begin(length: number): void {
    this.#left = length;
    this.#state = length === 0 ? 'head' : 'body';
    if (length === 0) this.listener.end();
  }

  #part(bytes: Buffer): number {
    const part = bytes.subarray(0, this.#left);
    this.#left -= part.length;
    this.listener.body(part);
    if (this.#left > 0) return part.length;
    if (this.#state === 'chunk') {
      this.#state = 'chunk-end';
    } else {
      this.#state = 'head';
      this.listener.end();
    }
    return part.length;
  }

  #size(bytes: Buffer): number {
    const end = bytes.indexOf('\r\n');
    if (end < 0) return 0;
    this.#left = Number.parseInt(bytes.toString('latin1', 0, end), 16);
    if (Number.isNaN(this.#left)) throw new Error('a chunk without a size');
    this.#state = this.#left === 0 ? 'trailer' : 'chunk';
    return end + 2;
  }

  /** The line break behind a chunk or behind the last one; trailers are not expected. */
  #line(bytes: Buffer, next: 'size' | 'head'): number {
    if (bytes.length < 2) return 0;
    this.#state = next;
    if (next === 'head') this.listener.end();
    return 2;
  }
}
