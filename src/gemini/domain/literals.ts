/** Bytes that are held against others at a time: this is much of what reading an event costs. */
const WORD = 4;
/** Of each piece its place and its length stand ahead of all, as words. */
const ENTRY = 2 * WORD;

/**
 * Pieces of bytes that must stand as they are. By the time the next event of a stream comes, those of the others and the
 * system's have taken the processor's caches, and each line of memory has to come anew: the pieces lie side by side.
 */
export class Literals {
  readonly #memory: DataView;

  constructor(pieces: readonly Buffer[]) {
    const sizes = pieces.map(({ length }) => Math.ceil(length / WORD) * WORD);
    const all = Buffer.alloc(sizes.reduce((sum, size) => sum + size, pieces.length * ENTRY));
    this.#memory = new DataView(all.buffer, all.byteOffset, all.length);
    let place = pieces.length * ENTRY;
    for (const [index, piece] of pieces.entries()) {
      this.#memory.setInt32(index * ENTRY, place, true);
      this.#memory.setInt32(index * ENTRY + WORD, piece.length, true);
      all.set(piece, place);
      place += sizes[index] as number;
    }
  }

  /** The offset behind a piece that stands at `offset`, in front of `limit`; -1 where it does not. */
  behind(index: number, memory: DataView, offset: number, limit: number): number {
    const own = this.#memory;
    let place = own.getInt32(index * ENTRY, true);
    const end = offset + own.getInt32(index * ENTRY + WORD, true);
    if (end > limit) return -1;
    let at = offset;
    for (; at + WORD <= end; at += WORD, place += WORD)
      if (memory.getInt32(at, true) !== own.getInt32(place, true)) return -1;
    for (; at < end; at++, place++) if (memory.getUint8(at) !== own.getUint8(place)) return -1;
    return end;
  }
}
