import { memoryOf } from './domain/memory-of.js';

const LINE_END = '\r\n';
const LINE_END_BYTES = 0x0d0a;
const HEX = '0123456789abcdef';
const NOWHERE = new ArrayBuffer(0);

/**
 * Pieces that go on in the chunks in which they have come: the upstream has sent most of them as they are passed on, and of
 * the framing around them in memory (RFC 9112, section 7.1) nothing need be made again. Chunks that were read from the
 * network together lie side by side: to send them all is to send one piece of memory.
 */
export class ChunkRun {
  #memory: ArrayBufferLike = NOWHERE;
  #from = 0;
  #to = 0;

  /** True where there is no piece. */
  get empty(): boolean {
    return this.#to === this.#from;
  }

  /** Takes a piece in; false where there is other than its chunk around it, or where that does not lie behind the last one. */
  add(piece: Buffer): boolean {
    const memory = memoryOf(piece);
    const to = piece.byteOffset + piece.length + LINE_END.length;
    const from = chunkStart(piece, memory, to);
    if (from < 0) return false;
    if (this.empty) {
      this.#memory = memory.buffer;
      this.#from = from;
    } else if (from !== this.#to || memory.buffer !== this.#memory) {
      return false;
    }
    this.#to = to;
    return true;
  }

  /** Takes out all chunks as they stand. */
  take(): Buffer {
    const chunks = Buffer.from(this.#memory, this.#from, this.#to - this.#from);
    this.#memory = NOWHERE;
    this.#from = this.#to = 0;
    return chunks;
  }
}

/** The offset of the size that stands before a piece, where the chunk ends at `to`; -1 where there is none. */
function chunkStart(piece: Buffer, memory: DataView, to: number): number {
  let at = piece.byteOffset - LINE_END.length;
  // A chunk without bytes is the end of all.
  if (at < 0 || to > memory.byteLength || piece.length === 0) return -1;
  if (memory.getUint16(at) !== LINE_END_BYTES || memory.getUint16(to - LINE_END.length) !== LINE_END_BYTES) return -1;
  for (let rest = piece.length; rest > 0; rest >>>= 4)
    if (--at < 0 || memory.getUint8(at) !== HEX.charCodeAt(rest & 0xf)) return -1;
  return at;
}
