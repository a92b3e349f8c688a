/** Bytes that are held against others at a time: this is much of what reading an event costs. */
const WORD = 4;
/** Of each piece stand ahead of all: its place and its length, as words, and two numbers. */
const ENTRY = 2 * WORD + 2 * 8;
const NUMBERS = 2 * WORD;

/**
 * Pieces of bytes that must stand as they are, and numbers that go with each. By the time the next event of a stream comes,
 * those of the others and the system's have taken the processor's caches: each object and each line of memory comes anew,
 * which takes longer than to look at it. So all of it lies side by side, and is one with the view of that memory.
 */
export class Literals extends DataView<ArrayBuffer> {
  /** @param spare bytes at the end of the memory that are somebody else's */
  constructor(pieces: readonly Buffer[], spare = 0) {
    const sizes = pieces.map(({ length }) => Math.ceil(length / WORD) * WORD);
    super(new ArrayBuffer(sizes.reduce((sum, size) => sum + size, pieces.length * ENTRY + spare)));
    let place = pieces.length * ENTRY;
    for (const [index, piece] of pieces.entries()) {
      this.setInt32(index * ENTRY, place, true);
      this.setInt32(index * ENTRY + WORD, piece.length, true);
      Buffer.from(this.buffer).set(piece, place);
      place += sizes[index] as number;
    }
  }

  /** The offset in a memory behind a piece that stands at `offset`, in front of `limit`; -1 where it does not. */
  behind(index: number, memory: DataView, offset: number, limit: number): number {
    let place = this.getInt32(index * ENTRY, true);
    const end = offset + this.getInt32(index * ENTRY + WORD, true);
    if (end > limit) return -1;
    let at = offset;
    for (; at + WORD <= end; at += WORD, place += WORD)
      if (memory.getInt32(at, true) !== this.getInt32(place, true)) return -1;
    for (; at < end; at++, place++) if (memory.getUint8(at) !== this.getUint8(place)) return -1;
    return end;
  }

  /** One of the two numbers of a piece; 0 before it is set. */
  number(index: number, which: 0 | 1): number {
    return this.getFloat64(index * ENTRY + NUMBERS + which * 8, true);
  }

  /** Sets one of the two numbers of a piece. */
  setNumber(index: number, which: 0 | 1, value: number): void {
    this.setFloat64(index * ENTRY + NUMBERS + which * 8, value, true);
  }
}
